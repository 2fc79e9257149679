/** The indexes that Flowcept makes, under the names it finds them by: those whose first key is there already are left as they are. */
import { MongoServerError, type Db, type IndexSpecification } from 'mongodb'

type Wanted = { readonly keys: Record<string, 1>; readonly unique?: true }

const indexes: Readonly<Record<string, readonly Wanted[]>> = {
  tasks: [{ keys: { task_id: 1 }, unique: true }, { keys: { workflow_id: 1 } }, { keys: { parent_task_id: 1 } }, { keys: { campaign_id: 1 } }],
  workflows: [{ keys: { workflow_id: 1 }, unique: true }, { keys: { parent_workflow_id: 1 } }, { keys: { campaign_id: 1 } }],
  agents: [{ keys: { agent_id: 1 }, unique: true }],
  objects: [{ keys: { object_id: 1 }, unique: true }, { keys: { workflow_id: 1 } }, { keys: { task_id: 1 } }, { keys: { campaign_id: 1 } }, { keys: { data_sha256: 1 } }],
  object_history: [{ keys: { object_id: 1, version: 1 }, unique: true }, { keys: { object_id: 1 } }, { keys: { created_at: 1 } }],
  dashboards: [{ keys: { dashboard_id: 1 }, unique: true }]
}

/**
 * Returns what could not be made: a unique index where there are duplicates already, or one that this user may not make.
 * Without a unique index two writers that meet a new record at the same time can make it twice.
 */
export async function ensureIndexes(db: Db): Promise<string[]> {
  const failed: string[] = []
  for (const [name, wanted] of Object.entries(indexes)) {
    const collection = db.collection(name)
    const there = await existingKeys(db, name)
    for (const { keys, unique } of wanted) {
      if (there.has(Object.keys(keys).join(' '))) continue
      try {
        await collection.createIndex(keys as IndexSpecification, unique ? { unique } : {})
      } catch (error) {
        if (!(error instanceof MongoServerError)) throw error
        failed.push(`The ${unique ? 'unique ' : ''}index ${Object.keys(keys).join(', ')} of ${name} could not be made: ${error.message}.`)
      }
    }
  }
  return failed
}

async function existingKeys(db: Db, collection: string): Promise<Set<string>> {
  try {
    const found = await db.collection(collection).indexes()
    return new Set(found.map(({ key }) => Object.keys(key as object).join(' ')))
  } catch (error) {
    // NamespaceNotFound: there is no such collection yet.
    if (error instanceof MongoServerError && error.code === 26) return new Set()
    throw error
  }
}
