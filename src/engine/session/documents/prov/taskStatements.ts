/** What is stated of one task: its activity, what it used and generated, who was told to do it, and the tasks that it names. */
import { field, type JsonObject, type JsonValue } from '#contract/json'
import { fieldLeaves, type FieldLeaf } from '../fieldLeaves.ts'
import type { SubjectRecord } from '../subjectRecords.ts'
import { dateTimeOf, literalOf, name, text } from './provLiterals.ts'
import type { Attribute, ProvName, Statement } from './provModel.ts'
import { provName } from './provNames.ts'
import type { Origin } from './valueOrigins.ts'

/** Measurements, which tables hold better: left out of PROV, and said so in the document. */
export const leftOutOfTasks = ['telemetry_at_start', 'telemetry_at_end'] as const
/** Stated as parts of the activity or as relations. */
const stated = new Set<string>(['task_id', 'workflow_id', 'activity_id', 'used', 'generated', 'parent_task_id', 'dependencies', 'dependents', 'agent_id', 'source_agent_id', ...leftOutOfTasks])

export type TaskOrigins = {
  readonly of: (leafName: string) => readonly Origin[]
  readonly same: (leaf: FieldLeaf, origins: readonly Origin[]) => Origin | null
  /** Task id of a number. */
  readonly idOf: (task: number) => string
}

export function taskStatements({ document, id }: SubjectRecord, origins: TaskOrigins): Statement[] {
  const activity = provName('task', id)
  return [activityOf(id, document), ...generatedStatements(activity, id, document), ...usedStatements(activity, { id, document, origins }), ...associations(activity, document)]
}

const valueName = (taskId: string, side: 'used' | 'generated', { name: leaf, twin }: Pick<FieldLeaf, 'name' | 'twin'>): ProvName =>
  provName('value', taskId, side, ...(leaf === null ? [] : [leaf]), ...(twin === 0 ? [] : [String(twin)]))

export const evidence = (kind: 'captured' | 'inferred', via?: string): Attribute[] => [
  [provName('provscope', 'evidence'), text(kind)],
  ...(via === undefined ? [] : [[provName('provscope', 'via'), text(via)] as const])
]

export function fieldAttributes(document: JsonObject, without: ReadonlySet<string>): Attribute[] {
  return Object.entries(document).flatMap(([key, value]): Attribute[] => (without.has(key) ? [] : [[provName('field', key), literalOf(value)]]))
}

export function textField(document: JsonObject, key: string): string | null {
  const value = field(document, key)
  return typeof value === 'string' && value !== '' ? value : null
}

/** Start and end, and the fields that these say as they are; a time that cannot be one, or an end before the start, stays a field. */
export function timesOf(document: JsonObject): { start: string | null; end: string | null; said: string[] } {
  const [started, ended] = [field(document, 'started_at'), field(document, 'ended_at')]
  const [start, end] = [dateTimeOf(started), dateTimeOf(ended)]
  const isBackwards = start !== null && end !== null && end < start
  return { start, end: isBackwards ? null : end, said: [...(start === null ? [] : ['started_at']), ...(end === null || isBackwards ? [] : ['ended_at'])] }
}

function activityOf(id: string, document: JsonObject): Statement {
  const { end, said, start } = timesOf(document)
  const activity = textField(document, 'activity_id')
  const workflow = textField(document, 'workflow_id')
  const odd = ['activity_id', 'workflow_id', 'parent_task_id', 'agent_id', 'source_agent_id'].filter((key) => isOdd(field(document, key)))
  return {
    kind: 'activity',
    id: provName('task', id),
    start,
    end,
    attributes: [
      ['prov:type' as ProvName, name('provscope:Task')],
      ...(activity === null ? [] : ([['prov:type' as ProvName, name(provName('type', activity))], ['prov:label' as ProvName, text(activity)]] as Attribute[])),
      ...(workflow === null ? [] : [[provName('provscope', 'workflow'), name(provName('workflow', workflow))] as const]),
      ...fieldAttributes(document, new Set([...[...stated].filter((key) => !odd.includes(key)), ...said]))
    ]
  }
}

/** No text where one names something: it can be no relation, and is kept as a field. */
function isOdd(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && (typeof value !== 'string' || value === '')
}

function generatedStatements(activity: ProvName, id: string, document: JsonObject): Statement[] {
  return fieldLeaves(field(document, 'generated')).flatMap((leaf): Statement[] => {
    const entity = valueName(id, 'generated', leaf)
    return [entityOf(entity, leaf), { kind: 'wasGeneratedBy', parts: [entity, activity, null], attributes: [...roleOf(leaf), ...evidence('captured')] }]
  })
}

function usedStatements(activity: ProvName, { document, id, origins }: { id: string; document: JsonObject; origins: TaskOrigins }): Statement[] {
  return fieldLeaves(field(document, 'used')).flatMap((leaf): Statement[] => {
    const found = leaf.twin > 0 ? [] : origins.of(leaf.name === null ? 'used' : `used.${leaf.name}`)
    const same = origins.same(leaf, found)
    if (same !== null) return [{ kind: 'used', parts: [activity, madeName(origins, same), null], attributes: [...roleOf(leaf), ...inferredFrom(same)] }]
    const own = valueName(id, 'used', leaf)
    const derived = found.map((origin): Statement => ({ kind: 'wasDerivedFrom', parts: [own, madeName(origins, origin)], attributes: inferredFrom(origin) }))
    return [entityOf(own, leaf), { kind: 'used', parts: [activity, own, null], attributes: [...roleOf(leaf), ...evidence('captured')] }, ...derived]
  })
}

/** Fields of the graph are dotted names. */
function madeName(origins: TaskOrigins, { field: made, maker }: Origin): ProvName {
  return valueName(origins.idOf(maker), 'generated', { name: made.startsWith('generated.') ? made.slice('generated.'.length) : null, twin: 0 })
}

function inferredFrom({ producers, via }: Origin): Attribute[] {
  return [...evidence('inferred', via), [provName('provscope', 'producers'), literalOf(producers)]]
}

function roleOf({ name: leaf }: FieldLeaf): Attribute[] {
  return leaf === null ? [] : [['prov:role' as ProvName, text(leaf)]]
}

function entityOf(id: ProvName, { name: leaf, value }: FieldLeaf): Statement {
  return { kind: 'entity', id, attributes: [['prov:type' as ProvName, name('provscope:Value')], ...(leaf === null ? [] : [['prov:label' as ProvName, text(leaf)] as const]), ['prov:value' as ProvName, literalOf(value)]] }
}

function associations(activity: ProvName, document: JsonObject): Statement[] {
  const workflow = textField(document, 'workflow_id')
  const plan = workflow === null ? null : provName('plan', workflow)
  const [agent, source] = [textField(document, 'agent_id'), textField(document, 'source_agent_id')]
  const [host, user] = [textField(document, 'hostname'), textField(document, 'user')]
  const associated = (responsible: ProvName, role: string): Statement => ({ kind: 'wasAssociatedWith', parts: [activity, responsible, plan], attributes: [['prov:role' as ProvName, text(role)]] })
  return [
    ...(workflow === null ? [] : [{ kind: 'wasStartedBy', parts: [activity, null, provName('workflow', workflow), null], attributes: evidence('captured', 'workflow_id') } satisfies Statement]),
    ...(agent === null ? [] : [associated(provName('agent', agent), 'agent')]),
    ...(user === null ? [] : [associated(provName('user', user), 'user')]),
    ...(host === null ? [] : [associated(provName('host', host), 'host')]),
    ...(agent === null || source === null ? [] : [{ kind: 'actedOnBehalfOf', parts: [provName('agent', agent), provName('agent', source), activity], attributes: evidence('captured', 'source_agent_id') } satisfies Statement])
  ]
}
