/** Documents of a MongoDB that are not what their records are: for these the server's answer would be another than the record's. */
import type { Document, Filter } from 'mongodb'
import type { RecordKind } from '#engine/records/classify'
import { idField } from '#engine/records/classify'
import { dictFields } from '#engine/records/dictFields'
import type { MongoConnection } from './mongoConnection.ts'
import { besideField, timeFields } from './mongoDocuments.ts'
import { collectionOf } from './store.ts'

/** Of tasks these are computed from other fields where they are missing, or from the status. */
export type ComputedField = 'status' | 'workflow_id' | 'subtype'

const statuses = ['SUBMITTED', 'WAITING', 'RUNNING', 'ERROR', 'FINISHED', 'UNKNOWN'] as const
export const statusFlags = statuses.map((status) => status.toLowerCase())

/** Which field of a record a path of a filter or a sort asks for, if it is computed. `other` is one that no document holds as the record has it. */
export function computedField(kind: RecordKind, path: string): ComputedField | 'other' | null {
  if (kind !== 'task') return null
  const [name = ''] = path.split('.')
  if (path === 'status' || statusFlags.includes(path)) return 'status'
  if (path === 'workflow_id' || path === 'subtype') return path
  return name === 'duration' || name === 'telemetry_summary' || name === 'type' ? 'other' : null
}

/** Asked once, until `forget`. */
export class MongoDeviants {
  private readonly found = new Map<string, Promise<boolean>>()

  constructor(private readonly connection: MongoConnection) {}

  forget(): void {
    this.found.clear()
  }

  /** Whether there is any document whose values the server takes for others: no path can be left to it then. */
  async any(kind: RecordKind): Promise<boolean> {
    const id = idField[kind]
    const dates = timeFields.map((name) => ({ [name]: { $type: 'date' } }))
    const notDicts = dictFields.flatMap((name) => [{ [name]: { $exists: true, $not: { $type: 'object' } } }, { [name]: { $type: 'array' } }])
    return await this.exists(kind, kind, { $or: [{ [id]: { $not: { $type: 'string' } } }, { [`${besideField}.exact`]: { $exists: true } }, ...(kind === 'task' ? notDicts : dates)] })
  }

  async of(field: ComputedField): Promise<boolean> {
    return await this.exists('task', field, { $or: deviations[field] })
  }

  private async exists(kind: RecordKind, key: string, query: Filter<Document>): Promise<boolean> {
    let found = this.found.get(key)
    if (!found) {
      found = this.connection.run(async () => (await this.connection.db.collection(collectionOf[kind]).findOne(query, { projection: { _id: 1 } })) !== null)
      this.found.set(key, found)
      found.catch(() => this.found.delete(key))
    }
    return await found
  }
}

const deviations: Readonly<Record<ComputedField, Document[]>> = {
  status: [
    { finished: true, status: { $nin: ['FINISHED', 'ERROR'] } },
    { status: { $exists: true, $nin: [null, ...statuses] } },
    ...statuses.map((status) => ({ status, [status.toLowerCase()]: { $ne: true } }))
  ],
  workflow_id: [{ workflow_id: null, 'used.workflow_id': { $type: 'string', $ne: '' } }],
  subtype: [{ subtype: null, group_id: { $exists: true, $ne: null } }]
}
