/** Which values of what would leave look like secrets. */
import { isTable, type ExportChoice, type ExportView, recordsFor, scopeFor } from '../../state/exportChoice.ts'
import type { Result } from '#contract/methods'
import { type Answer, useCall } from '../../state/query.ts'
import type { ExportSubject } from './useExportSubject.ts'

export type Secrets = Answer<Result<'exports.secrets'>>

export function useSecrets(choice: ExportChoice, view: ExportView, { isRunOrTask, id }: ExportSubject): Secrets {
  const { to, about, columns } = choice
  const ofColumns = isTable(to) && to !== 'jsonl' && columns === 'shown' && view.columns.length > 0
  const runColumn = { workflow: 'workflow_id', campaign: 'campaign_id' }[about as 'workflow']
  const scope = isRunOrTask && id !== null && runColumn !== undefined ? { filter: { [runColumn]: id }, search: '' } : scopeFor(to, about, view)
  return useCall('exports.secrets', { sourceId: view.sourceId, records: recordsFor(to, view.records), scope, ...(ofColumns && { columns: [...view.columns] }), limit: 100 })
}
