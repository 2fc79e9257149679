/** What stands at the end of the tab row while Timeline is open. */
export function TimelineTools() {
  return null
}
