/** What stands at the end of the tab row while Dataflow is open. */
export function DataflowTools() {
  return null
}
