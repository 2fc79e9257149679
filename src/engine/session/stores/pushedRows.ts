/** What a MongoDB answers of the Table in place of the copy. */
import type { MongoStore } from '#engine/stores/mongoStore'
import type { OpenSource } from '../load/openSource.ts'

export class PushedRows {
  constructor(
    readonly store: MongoStore,
    readonly table: OpenSource
  ) {}
}
