/** End of the tab row while SQL is open. */
export function SqlTools() {
  return null
}
