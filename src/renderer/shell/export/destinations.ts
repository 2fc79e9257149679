/** Where records can go, in groups, as the dialog, its titles and the palette call them. */
import type { LucideIcon } from 'lucide-react'
import { Code, Columns3, Database, FileBraces, FileCode2, FileText, Package, Rows3, ScrollText, Server, Table2, Waypoints } from 'lucide-react'
import type { DestinationId } from '../../state/exportChoice.ts'

export type Destination = {
  id: DestinationId
  name: string
  /** What it is, in a few words. */
  detail: string
  icon: LucideIcon
  /** Of its files, dot included; empty for stores. */
  extension: string
}

export const groups: { name: string; destinations: Destination[] }[] = [
  {
    name: 'Tables',
    destinations: [
      { id: 'csv', name: 'CSV', detail: 'UTF-8, streamed', icon: Table2, extension: '.csv' },
      { id: 'tsv', name: 'TSV', detail: 'tabs between cells', icon: Rows3, extension: '.tsv' },
      { id: 'parquet', name: 'Parquet', detail: 'typed, zstd', icon: Columns3, extension: '.parquet' },
      { id: 'arrow', name: 'Arrow', detail: 'IPC file', icon: Columns3, extension: '.arrow' },
      { id: 'jsonl', name: 'JSON Lines', detail: 'a Flowcept buffer', icon: FileBraces, extension: '.jsonl' }
    ]
  },
  {
    name: 'Stores',
    destinations: [
      { id: 'mongodb', name: 'MongoDB', detail: 'upsert by id', icon: Server, extension: '' },
      { id: 'lmdb', name: 'LMDB', detail: 'Flowcept can go on', icon: Database, extension: '' }
    ]
  },
  {
    name: 'Provenance and reports',
    destinations: [
      { id: 'prov-json', name: 'PROV-JSON', detail: 'W3C PROV as JSON', icon: Waypoints, extension: '.prov.json' },
      { id: 'prov-n', name: 'PROV-N', detail: 'W3C PROV notation', icon: Code, extension: '.provn' },
      { id: 'ro-crate', name: 'RO-Crate', detail: 'Workflow Run Crate', icon: Package, extension: '.crate.zip' },
      { id: 'workflow-card', name: 'Workflow Card', detail: 'as Flowcept’s own', icon: ScrollText, extension: '.card.md' },
      { id: 'html-report', name: 'HTML report', detail: 'one file, no network', icon: FileText, extension: '.html' }
    ]
  }
]

export const destinations: Destination[] = groups.flatMap((group) => group.destinations)
const byId = new Map(destinations.map((destination) => [destination.id, destination]))

export function destinationOf(id: DestinationId): Destination {
  const found = byId.get(id)
  if (!found) throw new TypeError(`${id} is no destination`)
  return found
}

/** Of a job in the list, which may be bytes of an object or of a queue. */
export const jobKind = (kind: string): { name: string; icon: LucideIcon } => destinations.find(({ id }) => id === kind) ?? { name: 'Bytes', icon: FileCode2 }
