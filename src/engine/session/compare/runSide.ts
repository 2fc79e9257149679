/** The tasks of one side of a comparison, as SQL. */
import type { Run } from '#contract/compare'
import { taskColumns } from '../overview/taskColumns.ts'
import type { SourceTable, Sql } from '../table/sourceTable.ts'
import type { Member } from './runMembers.ts'

export type RunSide = { readonly table: SourceTable; readonly run: Run; readonly members: readonly Member[]; readonly slots: readonly number[] }

/** `SELECT line, first, slot, act, …` and the fields asked for. `act` is never null: an `=` and the name, or nothing. */
export function sideSql({ members, run, slots, table }: RunSide, fields: Readonly<Record<string, string>>): Sql {
  const { activity, campaign, workflow } = taskColumns(table)
  const own = JSON.stringify(members.map(({ unnamed, workflow: id }, at) => ({ workflow: id, slot: slots[at], unnamed })))
  const ofCampaign = run.kind === 'campaign' ? `AND ((${campaign}) = ? OR ((${campaign}) IS NULL AND s.unnamed))` : ''
  const list = Object.entries(fields).map(([name, sql]) => `, ${sql} AS ${name}`)
  return {
    text: `SELECT r.line AS line, r.first_line AS first, s.slot AS slot, coalesce('=' || (${activity}), '') AS act${list.join('')}
      FROM ${table.rows} r JOIN (SELECT unnest(from_json(?, '[{"workflow":"VARCHAR","slot":"INTEGER","unnamed":"BOOLEAN"}]'), recursive := true)) s ON (${workflow}) IS NOT DISTINCT FROM s.workflow
      WHERE ${table.recordsPredicate('tasks')} ${ofCampaign}`,
    values: [own, ...(run.kind === 'campaign' ? [run.id] : [])]
  }
}
