/** The actions of a Process Run Crate, gathered from the statements of PROV: what ran, with which values, and what came of it. */
import type { Attribute, EntityStatement, Literal, ProvName, Statement } from '../prov/provModel.ts'
import { idOfName } from '../prov/provNames.ts'

export type Reference = { readonly '@id': string }
export type Entity = { readonly '@id': string; readonly '@type': string | readonly string[]; readonly [key: string]: unknown }
type Action = { id: ProvName; start: string | null; end: string | null; attributes: readonly Attribute[]; object: ProvName[]; result: ProvName[]; agent: ProvName | null; isRun: boolean }

/** Beyond so many tasks only the runs of workflows are actions: readers of crates hold all metadata in memory. */
export const mostTaskActions = 10_000

const reference = (name: string): Reference => ({ '@id': `#${name}` })

export class CrateGraph {
  private readonly actions = new Map<ProvName, Action>()
  private readonly values = new Map<ProvName, EntityStatement>()
  private readonly people = new Map<ProvName, string>()

  /** @param hasTasks whether each task is an action of its own */
  constructor(private readonly hasTasks: boolean) {}

  add(statement: Statement): void {
    switch (statement.kind) {
      case 'activity':
        return this.addActivity(statement)
      case 'entity':
        if (/^(?:value|object):/.test(statement.id) && (this.hasTasks || statement.id.startsWith('object:'))) this.values.set(statement.id, statement)
        return
      case 'agent':
        if (statement.id.startsWith('user:')) this.people.set(statement.id, textOf(statement.attributes, 'prov:label') ?? statement.id)
        return
      case 'used':
        this.actions.get(statement.parts[0] as ProvName)?.object.push(statement.parts[1] as ProvName)
        return
      case 'wasGeneratedBy':
        this.actions.get(statement.parts[1] as ProvName)?.result.push(statement.parts[0] as ProvName)
        return
      case 'wasAssociatedWith':
        return this.addAgent(statement.parts[0] as ProvName, statement.parts[1] as ProvName)
      default:
        return
    }
  }

  /** The actions, in the order in which they were stated, and all that they refer to. */
  entities(): { readonly actions: readonly Entity[]; readonly others: readonly Entity[] } {
    const actions = [...this.actions.values()]
    const instruments = new Map<string, Entity>()
    for (const action of actions) instruments.set(instrumentOf(action)['@id'], instrumentOf(action))
    const named = new Set(actions.flatMap(({ object, result }) => [...object, ...result]))
    const values = [...this.values.values()].filter(({ id }) => named.has(id)).map(valueEntity)
    const people = [...this.people].map(([id, name]): Entity => ({ '@id': `#${id}`, '@type': 'Person', name }))
    return { actions: actions.map((action) => this.actionEntity(action)), others: [...instruments.values(), ...people, ...values] }
  }

  private addActivity({ attributes, end, id, start }: Extract<Statement, { kind: 'activity' }>): void {
    const isRun = id.startsWith('workflow:')
    if (isRun || this.hasTasks) this.actions.set(id, { id, start, end, attributes, object: [], result: [], agent: null, isRun })
  }

  private addAgent(activity: ProvName, agent: ProvName): void {
    const action = this.actions.get(activity)
    if (action && agent.startsWith('user:')) action.agent = agent
  }

  private actionEntity(action: Action): Entity {
    const { agent, attributes, end, id, isRun, object, result, start } = action
    const status = textOf(attributes, 'field:status')
    const run = attributes.find(([name]) => name === 'provscope:workflow')?.[1].text
    const error = status === 'ERROR' ? literalOf(attributes, 'field:stderr') : undefined
    const known = (names: readonly ProvName[]): Reference[] => names.filter((name) => this.values.has(name)).map(reference)
    return {
      '@id': `#${id}`,
      '@type': 'CreateAction',
      name: `${isRun ? 'Run of' : 'Task of'} ${String(instrumentOf(action)['name'])}`,
      identifier: idOfName(id),
      instrument: { '@id': instrumentOf(action)['@id'] },
      ...(run !== undefined && this.actions.has(run as ProvName) && { isPartOf: reference(run) }),
      ...(start !== null && { startTime: start }),
      ...(end !== null && { endTime: end }),
      ...(agent !== null && { agent: reference(agent) }),
      ...(object.length > 0 && { object: known(object) }),
      ...(result.length > 0 && { result: known(result) }),
      ...(status !== null && statuses[status] !== undefined && { actionStatus: { '@id': `http://schema.org/${statuses[status]}` } }),
      ...(error !== undefined && { error: error.text })
    }
  }
}

const statuses: Record<string, string> = { FINISHED: 'CompletedActionStatus', ERROR: 'FailedActionStatus', RUNNING: 'ActiveActionStatus', WAITING: 'PotentialActionStatus', SUBMITTED: 'PotentialActionStatus' }

/** What ran: the activity of a task, or the workflow of a run, with the code that it came from if that was recorded. */
function instrumentOf({ attributes, id, isRun }: Action): Entity {
  const name = textOf(attributes, 'prov:label')
  if (!isRun) return { '@id': name === null ? '#activity' : `#${attributes.find(([key, value]) => key === 'prov:type' && value.text.startsWith('type:'))?.[1].text ?? 'activity'}`, '@type': 'SoftwareApplication', name: name ?? 'unnamed activity' }
  const code = jsonOf(literalOf(attributes, 'field:code_repository'))
  const [remote, sha, description] = [code['remote'], code['short_sha'], textOf(attributes, 'field:workflow_description')]
  return {
    '@id': `#${id.replace('workflow:', 'plan:')}`,
    '@type': 'SoftwareApplication',
    name: name ?? `workflow ${idOfName(id)}`,
    ...(description !== null && { description }),
    ...(typeof sha === 'string' && { softwareVersion: sha }),
    ...(typeof remote === 'string' && /^https?:\/\//.test(remote) && { url: remote })
  }
}

function valueEntity({ attributes, id }: EntityStatement): Entity {
  const label = textOf(attributes, 'prov:label') ?? 'value'
  if (id.startsWith('object:')) {
    const [size, hash] = [literalOf(attributes, 'field:object_size_bytes'), textOf(attributes, 'field:data_sha256')]
    return { '@id': `#${id}`, '@type': 'CreativeWork', name: label, identifier: idOfName(id), ...(size && { contentSize: size.text }), ...(hash !== null && { sha256: hash }) }
  }
  return { '@id': `#${id}`, '@type': 'PropertyValue', name: label, value: valueOf(literalOf(attributes, 'prov:value')) }
}

/** JSON-LD has no null among its values, and no number that is none. */
function valueOf(literal: Literal | undefined): string | number | boolean {
  if (literal === undefined) return ''
  if (literal.type === 'xsd:boolean') return literal.text === 'true'
  const isNumber = literal.type === 'xsd:int' || literal.type === 'xsd:double'
  return isNumber && Number.isFinite(Number(literal.text)) ? Number(literal.text) : literal.text
}

function literalOf(attributes: readonly Attribute[], name: string): Literal | undefined {
  return attributes.find(([key]) => key === name)?.[1]
}

function textOf(attributes: readonly Attribute[], name: string): string | null {
  const literal = literalOf(attributes, name)
  return literal?.type === 'xsd:string' && literal.text !== '' ? literal.text : null
}

function jsonOf(literal: Literal | undefined): Record<string, unknown> {
  return literal?.type === 'provscope:json' && literal.text.startsWith('{') ? (JSON.parse(literal.text) as Record<string, unknown>) : {}
}
