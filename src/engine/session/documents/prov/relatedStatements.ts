/** What is stated of workflows, campaigns, agents, people, hosts and objects, and of the document itself. */
import { field } from '#contract/json'
import { type DocumentFacts, missingSentences } from '../documentFacts.ts'
import type { SubjectRecord, SubjectRecords } from '../subjectRecords.ts'
import { literalOf, longestText, name, text } from './provLiterals.ts'
import type { Attribute, ProvName, Statement } from './provModel.ts'
import { provName } from './provNames.ts'
import { evidence, fieldAttributes, leftOutOfTasks, textField, timesOf } from './taskStatements.ts'

/** The whole environment of a process, secrets among it: left out of PROV, and said so in the document. */
export const leftOutOfWorkflows = ['machine_info'] as const
const [type, label] = ['prov:type' as ProvName, 'prov:label' as ProvName]
const typed = (value: string): Attribute => [type, name(value)]
const labelled = (value: string | null): Attribute[] => (value === null ? [] : [[label, text(value)]])

/** Things that several records name: each is stated once. */
export class NamedThings {
  private readonly known = new Set<string>()
  private readonly parents = new Set<string>()

  /** An activity, agent or plan that has no record of its own, the first time that it is named. */
  state(id: ProvName, make: () => Statement): Statement[] {
    if (this.known.has(id)) return []
    this.known.add(id)
    return [make()]
  }

  /** Those that a task names: its workflow, campaign, agents, user and host. */
  ofTask({ document }: SubjectRecord): Statement[] {
    const [workflow, host, user] = [textField(document, 'workflow_id'), textField(document, 'hostname'), textField(document, 'user')]
    const agents = ['agent_id', 'source_agent_id'].flatMap((key) => textField(document, key) ?? [])
    return [
      ...(workflow === null ? [] : this.workflow(workflow)),
      ...agents.flatMap((agent) => this.state(provName('agent', agent), () => ({ kind: 'agent', id: provName('agent', agent), attributes: [typed('prov:SoftwareAgent'), [label, text(agent)]] }))),
      ...(user === null ? [] : this.person(user)),
      ...(host === null ? [] : this.state(provName('host', host), () => ({ kind: 'agent', id: provName('host', host), attributes: [typed('prov:SoftwareAgent'), typed('provscope:Host'), [label, text(host)]] })))
    ]
  }

  /** A run that tasks name and of which there is no record. */
  private workflow(id: string): Statement[] {
    const [run, plan] = [provName('workflow', id), provName('plan', id)]
    return this.state(run, () => ({ kind: 'activity', id: run, start: null, end: null, attributes: [typed('provscope:WorkflowRun'), [provName('provscope', 'recorded'), literalOf(false)]] })).concat(
      this.state(plan, () => ({ kind: 'entity', id: plan, attributes: [typed('prov:Plan')] }))
    )
  }

  /** The run as an activity, what was run as its plan, its campaign as a collection of plans. */
  ofWorkflow({ document, id }: SubjectRecord): Statement[] {
    const [run, plan] = [provName('workflow', id), provName('plan', id)]
    const { end, said, start } = timesOf(document)
    const [campaign, parent, user, workflow] = [textField(document, 'campaign_id'), textField(document, 'parent_workflow_id'), textField(document, 'user'), textField(document, 'name')]
    const without = new Set(['type', 'workflow_id', 'campaign_id', 'parent_workflow_id', 'name', ...said, ...leftOutOfWorkflows])
    if (parent !== null) this.parents.add(parent)
    return [
      ...this.state(run, () => ({ kind: 'activity', id: run, start, end, attributes: [typed('provscope:WorkflowRun'), ...labelled(workflow), ...fieldAttributes(document, without)] })),
      ...this.state(plan, () => ({ kind: 'entity', id: plan, attributes: [typed('prov:Plan'), ...labelled(workflow)] })),
      ...(parent === null ? [] : [{ kind: 'wasStartedBy', parts: [run, null, provName('workflow', parent), null], attributes: evidence('captured', 'parent_workflow_id') } satisfies Statement]),
      ...(campaign === null ? [] : [...this.campaign(campaign), { kind: 'hadMember', parts: [provName('campaign', campaign), plan], attributes: [] } satisfies Statement]),
      ...(user === null ? [] : [...this.person(user), { kind: 'wasAssociatedWith', parts: [run, provName('user', user), plan], attributes: [['prov:role' as ProvName, text('user')]] } satisfies Statement])
    ]
  }

  /** Once all that have a record are stated: the parents that have none. */
  unrecordedParents(): Statement[] {
    return [...this.parents].flatMap((parent) => this.workflow(parent))
  }

  ofAgent({ document, id }: SubjectRecord): Statement[] {
    const agent = provName('agent', id)
    return this.state(agent, () => ({ kind: 'agent', id: agent, attributes: [typed('prov:SoftwareAgent'), ...labelled(textField(document, 'name') ?? id), ...fieldAttributes(document, new Set(['type', 'agent_id', 'name']))] }))
  }

  private person(user: string): Statement[] {
    const id = provName('user', user)
    return this.state(id, () => ({ kind: 'agent', id, attributes: [typed('prov:Person'), [label, text(user)]] }))
  }

  private campaign(campaign: string): Statement[] {
    const id = provName('campaign', campaign)
    return this.state(id, () => ({ kind: 'entity', id, attributes: [typed('prov:Collection'), typed('provscope:Campaign'), [label, text(campaign)]] }))
  }
}

/** An object was generated by the task that saved it, else by its workflow's run. */
export function objectStatements({ document, id }: SubjectRecord): Statement[] {
  const object = provName('object', id)
  const [kind, task, workflow] = [textField(document, 'object_type'), textField(document, 'task_id'), textField(document, 'workflow_id')]
  const by = task === null ? (workflow === null ? null : provName('workflow', workflow)) : provName('task', task)
  return [
    { kind: 'entity', id: object, attributes: [typed('provscope:Object'), ...labelled(kind), ...fieldAttributes(document, new Set(['type', 'object_id']))] },
    ...(by === null ? [] : [{ kind: 'wasGeneratedBy', parts: [object, by, null], attributes: evidence('captured', task === null ? 'workflow_id' : 'task_id') } satisfies Statement])
  ]
}

/** The document as an entity: of what, by whom, and what it leaves out. */
export function documentStatements(facts: DocumentFacts, { counts, title }: SubjectRecords): Statement[] {
  const own = (key: string, value: Parameters<typeof literalOf>[0]): Attribute => [provName('provscope', key), literalOf(value)]
  const [document, maker] = [provName('provscope', 'document'), provName('provscope', 'maker')]
  const attributes: Attribute[] = [
    typed('provscope:Document'),
    [label, text(title)],
    own('source', facts.source),
    [provName('provscope', 'madeAt'), { type: 'xsd:dateTime', text: facts.madeAt.toISOString() }],
    ...Object.entries(counts).map(([key, count]) => own(key, count)),
    own('inferredEdges', facts.inferred),
    own('longestValue', longestText),
    own('secrets', facts.secrets),
    ...[...leftOutOfTasks, ...leftOutOfWorkflows].map((key) => own('leavesOut', key)),
    ...missingSentences(facts).map((sentence) => own('missing', sentence)),
    ...(facts.gaps === null ? [] : [[provName('provscope', 'gaps'), { type: 'provscope:json', text: JSON.stringify(field(JSON.parse(facts.gaps), 'gaps') ?? []) }] as const])
  ]
  return [
    { kind: 'entity', id: document, attributes },
    { kind: 'agent', id: maker, attributes: [typed('prov:SoftwareAgent'), [label, text(`Provscope ${facts.version}`)]] },
    { kind: 'wasAttributedTo', parts: [document, maker], attributes: [] }
  ]
}
