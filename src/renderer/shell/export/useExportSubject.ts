/** What a document is about, where that is a run or the lineage of a task: which there are, which is meant, how many tasks it has. */
import { useState } from 'react'
import type { RunFigure } from '#contract/compare'
import { runOfNode } from '../../state/compare.ts'
import { isDocument } from '../../state/exportChoice.ts'
import { exportsStore } from '../../state/exports.ts'
import { useCall } from '../../state/query.ts'
import { useWorkbench } from '../../state/workbench.ts'
import type { ExportState } from './useExportChoice.ts'

export type ExportSubject = {
  isRunOrTask: boolean
  /** Of the run or the task; null if there is none. */
  id: string | null
  /** For people: the run's name, or the task's id. */
  name: string | null
  /** Null while they are counted. */
  tasks: number | null
  runs: RunFigure[]
  totalRuns: number
  search: string
  setSearch: (search: string) => void
  setRunId: (id: string) => void
  /** The task that a lineage would be of; null if none is chosen. */
  taskId: string | null
  error: string | null
}

const mostRuns = 200

export function useExportSubject({ source: { sourceId }, choice: { to, about, inferred, direction }, view: { records, ids } }: ExportState): ExportSubject {
  const opening = exportsStore((s) => s.opening)
  const node = useWorkbench((s) => s.node)
  const lineage = useWorkbench((s) => s.lineage)
  const [picked, setPicked] = useState<Record<string, string>>(() => (opening.about !== undefined && opening.runId !== undefined ? { [opening.about]: opening.runId } : {}))
  const [search, setSearch] = useState('')
  const ofRun = isDocument(to) && (about === 'workflow' || about === 'campaign')
  const ofTask = isDocument(to) && about === 'lineage'
  const list = useCall('compare.runs', ofRun ? { sourceId, search, limit: mostRuns } : null)
  const runs = ofRun ? (list.data?.runs ?? []).filter(({ run }) => run.kind === about) : []
  const nodeRun = node ? runOfNode(sourceId, node) : null
  const runId = picked[about] ?? (nodeRun?.kind === about ? nodeRun.id : null) ?? (search === '' ? (runs[0]?.run.id ?? null) : null)
  const run = runs.find((candidate) => candidate.run.id === runId)
  const taskId = opening.taskId ?? lineage?.taskId ?? (records === 'tasks' ? (ids[0] ?? null) : null)
  const graph = useCall('lineage.graph', ofTask && taskId !== null ? { sourceId, taskId, direction, inferred, limit: 1 } : null)
  const counted = useCall('filter.counts', ofRun && runId !== null && !run ? { sourceId, records: 'tasks', scopes: [{ filter: { [about === 'campaign' ? 'campaign_id' : 'workflow_id']: runId } }] } : null)
  return {
    isRunOrTask: ofRun || ofTask,
    id: ofTask ? taskId : ofRun ? runId : null,
    name: ofTask ? taskId : ofRun ? (run?.name ?? runId) : null,
    tasks: ofTask ? (graph.current ? (graph.data?.total.tasks ?? null) : null) : (run?.tasks ?? counted.data?.counts[0] ?? null),
    runs,
    totalRuns: list.data?.total ?? 0,
    search,
    setSearch,
    setRunId: (id) => setPicked((before) => ({ ...before, [about]: id })),
    taskId,
    error: (ofTask ? graph.error : list.error)?.message ?? null
  }
}
