/**
 * Keeps provenance in a graph (Neo4j), merged as Provscope merges it. After `npm install neo4j-driver`:
 * NEO4J_URL=bolt://localhost:7687 npx provscope consume examples/neo4jConsumer.ts redis://localhost:6379/interception
 *
 * (:Campaign) <-[:OF]- (:Workflow) <-[:OF]- (:Task) -[:BY]-> (:Agent), workflows in workflows and tasks in tasks with [:IN],
 * and (:Task) -[:AFTER]-> (:Task) for the dependencies that a run recorded. What is named before it comes is a node with an id only.
 */
import { auth, driver, type ManagedTransaction } from 'neo4j-driver'
import { BaseConsumer, type JsonObject, mergeRecord, type Message, parseJson, stringifyJson } from 'provscope'
import { type Gathered, RecordBuffer } from './recordBuffer.ts'

const labels = { task: 'Task', workflow: 'Workflow', agent: 'Agent' } as const
type Kind = keyof typeof labels
const kinds = Object.keys(labels) as Kind[]
/** Scalars that become properties of the node; the whole record is its `document`. */
const properties = ['name', 'activity_id', 'status', 'subtype', 'hostname', 'user', 'started_at', 'ended_at', 'submitted_at', 'registered_at', 'workflow_id', 'campaign_id']

const { NEO4J_URL = 'bolt://localhost:7687', NEO4J_USER = 'neo4j', NEO4J_PASSWORD } = process.env

export default class Neo4jConsumer extends BaseConsumer {
  readonly #graph = driver(NEO4J_URL, NEO4J_PASSWORD === undefined ? undefined : auth.basic(NEO4J_USER, NEO4J_PASSWORD))
  readonly #buffer = new RecordBuffer(kinds)

  protected override async subscribe(): Promise<void> {
    const ids = [...Object.entries(labels).map(([kind, label]) => [label, `${kind}_id`]), ['Campaign', 'campaign_id']]
    for (const [label, id] of ids) await this.#graph.executeQuery(`CREATE CONSTRAINT IF NOT EXISTS FOR (n:${label}) REQUIRE n.${id} IS UNIQUE`)
    await super.subscribe()
  }

  override messageHandler(message: Message): boolean {
    this.#buffer.add(message)
    return true
  }

  /** All that came together is written together or, if that fails, not at all; the same again would change nothing. */
  protected override async flush(): Promise<void> {
    const gathered = kinds.map((kind) => ({ kind, records: this.#buffer.take(kind) }))
    const session = this.#graph.session()
    try {
      await session.executeWrite(async (transaction) => {
        for (const { kind, records } of gathered) if (records.length > 0) await merge(transaction, kind, records)
      })
    } finally {
      await session.close()
    }
  }

  protected override async unsubscribe(): Promise<void> {
    await super.unsubscribe()
    await this.#graph.close()
  }
}

async function merge(transaction: ManagedTransaction, kind: Kind, records: readonly Gathered[]): Promise<void> {
  const [label, id] = [labels[kind], `${kind}_id`]
  // Setting a property locks the node, so that nobody else writes it between reading and writing.
  const found = await transaction.run(`UNWIND $ids AS id MERGE (n:${label} {${id}: id}) SET n._seen = true RETURN id, n.document AS document`, { ids: records.map((record) => record.id) })
  const known = new Map(found.records.map((row) => [row.get('id') as string, row.get('document') as string | null]))
  const rows = records.map((record) => {
    const before = known.get(record.id) ?? null
    const { document } = mergeRecord(kind, before === null ? record.messages : [parseJson(before) as JsonObject, ...record.messages], { newId: () => record.id })
    return { id: record.id, properties: { ...scalars(document), document: stringifyJson(document) }, edges: edgesOf(kind, document) }
  })
  await transaction.run(`UNWIND $rows AS row MATCH (n:${label} {${id}: row.id}) SET n += row.properties REMOVE n._seen`, { rows })
  for (const { type, to, key } of edgeTypes[kind]) {
    const edges = rows.flatMap((row) => (row.edges[type + key] ?? []).map((target) => ({ from: row.id, to: target })))
    if (edges.length > 0) await transaction.run(`UNWIND $edges AS edge MATCH (a:${label} {${id}: edge.from}) MERGE (b:${to} {${idOf[to]}: edge.to}) MERGE (a)-[:${type}]->(b)`, { edges })
  }
}

type Label = 'Task' | 'Workflow' | 'Agent' | 'Campaign'
const idOf: Record<Label, string> = { Task: 'task_id', Workflow: 'workflow_id', Agent: 'agent_id', Campaign: 'campaign_id' }
/** What the fields of a record point to. */
const edgeTypes: Record<Kind, readonly { type: string; to: Label; key: string }[]> = {
  task: [
    { type: 'OF', to: 'Workflow', key: 'workflow_id' },
    { type: 'IN', to: 'Task', key: 'parent_task_id' },
    { type: 'AFTER', to: 'Task', key: 'dependencies' },
    { type: 'BY', to: 'Agent', key: 'agent_id' }
  ],
  workflow: [
    { type: 'OF', to: 'Campaign', key: 'campaign_id' },
    { type: 'IN', to: 'Workflow', key: 'parent_workflow_id' }
  ],
  agent: []
}

function edgesOf(kind: Kind, document: JsonObject): Record<string, string[]> {
  return Object.fromEntries(
    edgeTypes[kind].map(({ type, key }) => {
      const value = document[key]
      const ids = (Array.isArray(value) ? value : [value]).filter((id) => typeof id === 'string' || typeof id === 'number' || typeof id === 'bigint')
      return [type + key, ids.map(String)]
    })
  )
}

/** Graphs have no nested properties, and integers of 64 bits as bigints. */
function scalars(document: JsonObject): Record<string, string | number | boolean> {
  const found: Record<string, string | number | boolean> = {}
  for (const name of properties) {
    const value = document[name]
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') found[name] = value
  }
  return found
}
