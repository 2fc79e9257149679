/** What stands at the end of the tab row while Agents is open. */
export function AgentsTools() {
  return null
}
