/** Every setting, what it does and where its value comes from. */
export function SettingsDialog() {
  return null
}
