/** Which fields of two records are worth comparing, and which differ in any two runs and say nothing. */
import type { Result } from '#contract/methods'
import type { NamedColumn, SourceTable } from '../table/sourceTable.ts'
import { isInput, isOutput } from './inputsKey.ts'

export type Part = Result<'compare.fields'>['rows'][number]['part']
export type ComparedField = { readonly part: Part; readonly name: string; readonly a: NamedColumn | undefined; readonly b: NamedColumn | undefined }
/** Why a field is left out: ids; times; places and people (host, user, address, process); telemetry, which is compared by itself; machine and settings as a whole. */
export type LeftOut = Result<'compare.fields'>['leftOut'][number]

const ids = /^(?:(?:task|workflow|campaign|activity|agent|object|parent_task|parent_workflow|source_agent|group|environment|adapter)_id|dependencies|dependents|interceptor_ids|type)$/
const times = /^(?:started_at|ended_at|submitted_at|registered_at|utc_timestamp|created_at|updated_at|duration)$/
const places = /^(?:hostname|node_name|login_name|user|sys_name|public_ip|private_ip|mq_host|address|pid|data)$/
/** Of statuses: said by `status` already. */
const flags = /^(?:submitted|waiting|running|error|finished|unknown)$/
const parts: readonly Part[] = ['status', 'parameter', 'input', 'output', 'stderr', 'other']

export function comparedFields(a: SourceTable, b: SourceTable, records: 'tasks' | 'workflows'): { fields: ComparedField[]; leftOut: LeftOut[] } {
  const names = new Set([...a.columns(records), ...b.columns(records)].filter(({ type }) => type !== 'empty').map(({ name }) => name))
  const leftOut = new Map<LeftOut['what'], number>()
  const fields: ComparedField[] = []
  for (const name of names) {
    const what = reasonToLeave(name)
    if (what !== null) leftOut.set(what, (leftOut.get(what) ?? 0) + 1)
    else if (!flags.test(name)) fields.push({ part: partOf(name, records), name, a: a.column(records, name), b: b.column(records, name) })
  }
  return { fields: fields.sort((one, other) => parts.indexOf(one.part) - parts.indexOf(other.part)), leftOut: [...leftOut].map(([what, count]) => ({ what, fields: count })) }
}

function reasonToLeave(name: string): LeftOut['what'] | null {
  if (ids.test(name)) return 'ids'
  if (times.test(name)) return 'times'
  if (places.test(name)) return 'places'
  if (name.startsWith('telemetry_')) return 'telemetry'
  return /^(?:machine_info|flowcept_settings)(?:\.|$)/.test(name) ? 'settings' : null
}

function partOf(name: string, records: 'tasks' | 'workflows'): Part {
  if (isInput(name)) return records === 'workflows' ? 'parameter' : 'input'
  if (isOutput(name)) return 'output'
  return name === 'status' || name === 'stderr' ? name : name.startsWith('stderr.') ? 'stderr' : 'other'
}
