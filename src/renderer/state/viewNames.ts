/** The views by name, in the order of their tabs: for who names one without loading it, or without a page at all. */

export const views: readonly { readonly id: string; readonly name: string }[] = [
  { id: 'overview', name: 'Overview' },
  { id: 'table', name: 'Table' },
  { id: 'tree', name: 'Tree' },
  { id: 'timeline', name: 'Timeline' },
  { id: 'dataflow', name: 'Dataflow' },
  { id: 'telemetry', name: 'Telemetry' },
  { id: 'agents', name: 'Agents' },
  { id: 'compare', name: 'Compare' },
  { id: 'sql', name: 'SQL' },
  { id: 'stream', name: 'Stream' }
]
