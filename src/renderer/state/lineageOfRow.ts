/** Opens the lineage of a row or of one of its cells, whatever kind of record the table shows. */
import { field, isJsonObject, parseJson } from '#contract/json'
import type { Records } from '#contract/values'
import { call } from '../connection/call.ts'
import { toast } from './toasts.ts'
import { type Lineage, workbench } from './workbench.ts'

/** @property column of the cell; null: of the whole task */
export type LineageSubject = { sourceId: string; records: Records; id: string; column: string | null }

/** Tasks have a lineage, and so have the messages that tell of them. */
export const hasLineage = (records: Records): boolean => records === 'tasks' || records === 'messages'

export async function openLineageOfRow({ sourceId, records, id, column }: LineageSubject, direction: Lineage['direction']): Promise<void> {
  const taskId = records === 'tasks' ? id : await taskOfMessage(sourceId, id)
  if (taskId === null) return toast({ tone: 'note', title: 'This message names no task', detail: 'A lineage is of tasks, and of the values that they used and generated.' })
  workbench.getState().openLineage({ taskId, column, direction, to: null })
}

async function taskOfMessage(sourceId: string, id: string): Promise<string | null> {
  const reply = await call('records.get', { sourceId, records: 'messages', id })
  if (!reply.ok) return null
  const message = parseJson(reply.value.document)
  const taskId = isJsonObject(message) ? field(message, 'task_id') : null
  return typeof taskId === 'string' ? taskId : null
}
