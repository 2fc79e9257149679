/** What stands at the end of the tab row while Compare is open. */
export function CompareTools() {
  return null
}
