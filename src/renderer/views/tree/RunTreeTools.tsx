/** What stands at the end of the tab row while Tree is open. */
export function RunTreeTools() {
  return null
}
