/** Where an export goes: which of its ways takes it there. */
import { documentFormats, tableFormats, type DocumentFormat, type DocumentSubject, type TableFormat } from '#contract/exports'
import { parseTime } from './timeArgument.ts'
import { exportDocument } from './exportDocument.ts'
import { exportFile } from './exportFile.ts'
import { exportToStore, isStoreTarget } from './exportStore.ts'
import type { ExportFlags, ExportFormat } from './exportCommandLine.ts'
import type { Session } from './openSession.ts'
import type { Output } from './output.ts'
import { pointOutSecrets } from './pointOutSecrets.ts'
import { readSelection, type Selection } from './selection.ts'
import { WrongUse } from './wrongUse.ts'

/** `onProgress` says what is being done with how many of how many. */
export type ExportTelling = { readonly output: Pick<Output, 'write'>; readonly note: (text: string) => void; readonly onProgress: (doing: string, rows: number, totalRows: number) => void }
type Target = { readonly kind: 'store' } | { readonly kind: 'table'; readonly format: TableFormat } | { readonly kind: 'document'; readonly format: DocumentFormat }

export type ExportPlan = { readonly target: Target; readonly selection: Selection; readonly subject: DocumentSubject; readonly flags: ExportFlags }

/** @throws WrongUse, before anything is opened */
export function planExport(flags: ExportFlags): ExportPlan {
  return { target: targetOf(flags), selection: readExportSelection(flags), subject: subjectOf(flags), flags }
}

/** @returns whether all is there and as it was shown */
export async function exportTo(session: Session, { flags, selection, subject, target }: ExportPlan, telling: ExportTelling): Promise<boolean> {
  const { dryRun = false, guardFormulas = false, json = false, manifest, related, secrets, to, verify } = flags
  const { note, onProgress, output } = telling
  const written = (rows: number, totalRows: number): void => onProgress('written', rows, totalRows)
  if (!dryRun) await pointOutSecrets(session, { selection, secrets, isWhole: target.kind !== 'table' || target.format === 'jsonl', note })
  switch (target.kind) {
    case 'store':
      return await exportToStore(session, { selection, to, dryRun, related, secrets, manifest, json, passwordFile: flags.mongodbPasswordFile, output, note, onProgress: written })
    case 'table':
      return await exportFile(session, { selection, to, format: target.format, secrets, manifest, verify, guardFormulas, note, onProgress })
    case 'document':
      return await exportDocument(session, { selection, to, format: target.format, secrets, manifest, subject, inferred: flags.capturedOnly !== true, note, onProgress: written })
  }
}

const endings: readonly (readonly [string, ExportFormat])[] = [
  ['.csv', 'csv'],
  ['.tsv', 'tsv'],
  ['.jsonl', 'jsonl'],
  ['.ndjson', 'jsonl'],
  ['.parquet', 'parquet'],
  ['.arrow', 'arrow'],
  ['.feather', 'arrow'],
  ['.prov.json', 'prov-json'],
  ['.provn', 'prov-n'],
  ['.crate.zip', 'ro-crate'],
  ['.md', 'workflow-card'],
  ['.html', 'html-report']
]

function targetOf({ format, to }: Pick<ExportFlags, 'to' | 'format'>): Target {
  if (to === '') throw new WrongUse('--to names no file')
  if (isStoreTarget(to, format)) return { kind: 'store' }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(to)) throw new WrongUse(`--to: ${to.split('://')[0]}:// is no store to export to: MongoDB (mongodb://…) and folders of LMDB are`)
  const known = format ?? endings.find(([ending]) => to.toLowerCase().endsWith(ending))?.[1]
  if (known === undefined) throw new WrongUse(`--to: what ${JSON.stringify(to)} is to be cannot be told from its name; --format says it, or one of ${endings.map(([ending]) => ending).join(' ')} at its end`)
  const table = tableFormats.find((one) => one === known)
  if (table) return { kind: 'table', format: table }
  const document = documentFormats.find((one) => one === known)
  if (document) return { kind: 'document', format: document }
  return { kind: 'store' }
}

/** With the times, which narrow a filter that does not say them already. */
function readExportSelection(flags: ExportFlags): Selection {
  const selection = readSelection(flags)
  if (flags.from === undefined && flags.until === undefined) return selection
  const from = flags.from === undefined ? {} : { $gte: parseTime(flags.from, '--from') }
  const until = flags.until === undefined ? {} : { $lte: parseTime(flags.until, '--until') }
  const times = { started_at: { ...from, ...until } }
  const { filter, search } = selection.scope
  return { ...selection, scope: { search, filter: Object.keys(filter).length === 0 ? times : { $and: [filter, times] } } }
}

function subjectOf({ campaign, direction, task, workflow }: ExportFlags): DocumentSubject {
  if ([campaign, task, workflow].filter((id) => id !== undefined).length > 1) throw new WrongUse('--workflow, --campaign and --task are about different things; one of them')
  if (workflow !== undefined) return { kind: 'workflow', id: workflow }
  if (campaign !== undefined) return { kind: 'campaign', id: campaign }
  return task === undefined ? { kind: 'shown' } : { kind: 'lineage', taskId: task, direction }
}
