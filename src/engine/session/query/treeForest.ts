/** Campaigns and workflows of a source as a forest, with the tasks each of them has itself. */
import type { Cell } from '#contract/values'
import { cellOf, cellText } from '../table/cells.ts'
import { everything, rowsIn } from '../table/rowsIn.ts'
import type { SourceTable, SqlResult, Storage } from '../table/sourceTable.ts'
import { numberIn, numberOf, taskColumns, textIn, textOf } from '../overview/taskColumns.ts'

export type Counts = { tasks: number; statuses: Record<string, number> }

/** A workflow within a campaign; `id` is null for tasks of that campaign that belong to no workflow. */
export type Flow = Counts & {
  readonly id: string | null
  readonly campaign: string | null
  name: string
  /** Earliest start of its tasks or of itself. */
  firstStart: number | null
  /** Tasks that do not name the campaign themselves. */
  unnamed: number
  /** Whether there is a record of it, and the workflow that this names as its parent. */
  recorded: boolean
  wantedParent: string | null
  parent: Flow | null
  readonly children: Flow[]
}

export type Forest = {
  /** By campaign, null for none: the flows that are within no other flow of it, in order of their first start. */
  readonly campaigns: ReadonlyMap<string | null, readonly Flow[]>
  readonly flows: ReadonlyMap<string, Flow>
  readonly workflows: number
  /** Campaigns of each workflow that have tasks of it. */
  readonly campaignsOf: ReadonlyMap<string | null, ReadonlySet<string | null>>
  /** The campaign of a workflow's tasks that name none. */
  campaignOf(workflow: string | null): string | null
  /** The values as they stand in the records, of which the id is the text: 5 and "5" are one workflow. */
  values(id: string): readonly Cell[]
}

type Record_ = { id: string; name: string | null; campaign: string | null; parent: string | null; start: number | null }
type TaskGroup = { campaign: string | null; workflow: string | null; status: string; tasks: number; start: number | null; name: string | null }

export const flowKey = (campaign: string | null, id: string | null): string => JSON.stringify([campaign, id])

/**
 * A task belongs to the campaign it names, else to that of its workflow's record, else to the one that all other tasks of
 * its workflow name. So a workflow stands under each campaign that has tasks of it, and each task counts once.
 */
export async function readForest(table: SourceTable, signal: AbortSignal): Promise<Forest> {
  const values = new Map<string, Cell[]>()
  const [records, groups] = await Promise.all([readRecords(table, signal), readTaskGroups(table, values, signal)])
  const campaignOf = campaignRule(records, groups)
  const flows = new Map<string, Flow>()
  const campaignsOf = new Map<string | null, Set<string | null>>()
  const flow = (campaign: string | null, id: string | null): Flow => {
    const key = flowKey(campaign, id)
    const known = flows.get(key)
    if (known) return known
    const created: Flow = { id, campaign, name: id ?? 'No workflow', firstStart: null, unnamed: 0, recorded: false, wantedParent: null, tasks: 0, statuses: {}, parent: null, children: [] }
    flows.set(key, created)
    return created
  }
  for (const group of groups) {
    const campaign = group.campaign ?? campaignOf(group.workflow)
    campaignsOf.set(group.workflow, (campaignsOf.get(group.workflow) ?? new Set()).add(campaign))
    addTasks(flow(campaign, group.workflow), group)
  }
  for (const record of records.values()) {
    if (record.campaign !== null || !campaignsOf.has(record.id)) flow(campaignOf(record.id), record.id)
    for (const campaign of campaignsOf.get(record.id) ?? [campaignOf(record.id)]) describe(flow(campaign, record.id), record)
    const own = flows.get(flowKey(campaignOf(record.id), record.id))
    if (own) describe(own, record)
  }
  const workflows = new Set([...flows.values()].flatMap(({ id }) => id ?? [])).size
  return { campaigns: plant([...flows.values()], flows, records), flows, workflows, campaignsOf, campaignOf, values: (id) => values.get(id) ?? [id] }
}

function addTasks(flow: Flow, group: TaskGroup): void {
  flow.tasks += group.tasks
  flow.statuses[group.status] = (flow.statuses[group.status] ?? 0) + group.tasks
  if (group.campaign === null) flow.unnamed += group.tasks
  if (group.name !== null && group.workflow !== null) flow.name = group.name
  flow.firstStart = earliest(flow.firstStart, group.start)
}

function describe(flow: Flow, record: Record_): void {
  flow.recorded = true
  flow.wantedParent = record.parent
  if (record.name !== null) flow.name = record.name
  flow.firstStart = earliest(flow.firstStart, record.start)
}

function earliest(one: number | null, other: number | null): number | null {
  return one === null || (other !== null && other < one) ? other : one
}

function campaignRule(records: ReadonlyMap<string, Record_>, groups: readonly TaskGroup[]): (workflow: string | null) => string | null {
  const named = new Map<string | null, string | null>()
  for (const { campaign, workflow } of groups) {
    if (campaign === null || workflow === null) continue
    const known = named.get(workflow)
    named.set(workflow, known === undefined || known === campaign ? campaign : null)
  }
  return (workflow) => (workflow === null ? null : (records.get(workflow)?.campaign ?? named.get(workflow) ?? null))
}

/** Links flows to their parents within their campaign. Where parents go round in a circle, the flow that started first is at the top. */
function plant(flows: Flow[], byKey: ReadonlyMap<string, Flow>, records: ReadonlyMap<string, Record_>): Map<string | null, Flow[]> {
  const wanted = new Map<Flow, Flow[]>()
  const tops: Flow[] = []
  flows.sort(byFirstStart)
  for (const flow of flows) {
    const parentId = flow.id === null ? null : (records.get(flow.id)?.parent ?? null)
    const parent = parentId === null || parentId === flow.id ? undefined : byKey.get(flowKey(flow.campaign, parentId))
    if (parent) append(wanted, parent, flow)
    else tops.push(flow)
  }
  const placed = new Set<Flow>()
  const place = (top: Flow): void => {
    placed.add(top)
    for (const waiting = [top]; waiting.length > 0; ) {
      const flow = waiting.pop() as Flow
      for (const child of wanted.get(flow) ?? []) {
        if (placed.has(child)) continue
        placed.add(child)
        child.parent = flow
        flow.children.push(child)
        waiting.push(child)
      }
    }
  }
  tops.forEach(place)
  for (const flow of flows) if (!placed.has(flow)) place(flow)
  const campaigns = new Map<string | null, Flow[]>()
  for (const flow of flows) if (flow.parent === null) append(campaigns, flow.campaign, flow)
  return campaigns
}

function append<K>(lists: Map<K, Flow[]>, key: K, flow: Flow): void {
  const list = lists.get(key)
  if (list) list.push(flow)
  else lists.set(key, [flow])
}

/** Tasks without a workflow last, those without any start before them. */
function byFirstStart(one: Flow, other: Flow): number {
  if ((one.id === null) !== (other.id === null)) return one.id === null ? 1 : -1
  return (one.firstStart ?? Infinity) - (other.firstStart ?? Infinity) || one.name.localeCompare(other.name) || (one.id ?? '').localeCompare(other.id ?? '')
}

async function readRecords(table: SourceTable, signal: AbortSignal): Promise<Map<string, Record_>> {
  const text = (name: string): string => textOf(table.column('workflows', name))
  const { text: from, values } = rowsIn(table, 'workflows', everything)
  const start = numberOf(table.column('workflows', 'started_at'))
  const rows = await table.query({ text: `SELECT r.record_id, ${text('name')}, ${text('campaign_id')}, ${text('parent_workflow_id')}, ${start} ${from} ORDER BY r.first_line`, values }, signal)
  return new Map(
    rows.map((row) => [String(row[0]), { id: String(row[0]), name: textIn(row[1]), campaign: textIn(row[2]), parent: textIn(row[3]), start: numberIn(row[4]) }])
  )
}

async function readTaskGroups(table: SourceTable, values: Map<string, Cell[]>, signal: AbortSignal): Promise<TaskGroup[]> {
  const from = rowsIn(table, 'tasks', everything)
  const [campaign, workflow] = [table.column('tasks', 'campaign_id'), table.column('tasks', 'workflow_id')]
  const columns = taskColumns(table)
  const rows = await table.query(
    {
      text: `SELECT ${campaign?.sql ?? 'NULL'} AS campaign, ${workflow?.sql ?? 'NULL'} AS workflow, coalesce(${columns.status}, 'UNKNOWN') AS status,
        count(*), min(${columns.rawStart}), min(${textOf(table.column('tasks', 'workflow_name'))}) ${from.text} GROUP BY 1, 2, 3`,
      values: from.values
    },
    signal
  )
  const idOf = (value: SqlResult[number] | undefined, storage: Storage | undefined): string | null => {
    const cell = cellOf(value ?? null, storage ?? 'VARCHAR')
    if (cell === null) return null
    const id = cellText(cell)
    const known = values.get(id) ?? []
    if (storage !== 'VARCHAR' && !known.some((other) => typeof other === typeof cell)) values.set(id, [...known, cell])
    return id
  }
  return rows.map((row) => ({
    campaign: idOf(row[0], campaign?.storage),
    workflow: idOf(row[1], workflow?.storage),
    status: String(row[2]),
    tasks: Number(row[3]),
    start: numberIn(row[4]),
    name: textIn(row[5])
  }))
}
