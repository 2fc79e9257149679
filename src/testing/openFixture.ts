/** Opens real files as a source, in this thread, for tests of what stands on top of one. */
import { isAbsolute, join } from 'node:path'
import { openSegments } from '#engine/sources/openSegments'
import { Database } from '#engine/session/database'
import { OpenSource } from '#engine/session/openSource'
import { LocalReader } from '#engine/session/readerPort'

export type OpenedFixture = { source: OpenSource; database: Database; close(): Promise<void> }

let opened = 0

/** @param paths absolute, or beneath src/testing/fixtures: `jsonl/02_pipeline.jsonl` */
export async function openFixture(...paths: string[]): Promise<OpenedFixture> {
  opened++
  const sourceId = `fixture${opened}`
  const database = await Database.create()
  const spec = { paths: paths.map((path) => (isAbsolute(path) ? path : join(import.meta.dirname, 'fixtures', path))), folder: join(database.folder, sourceId) }
  const reader = new LocalReader(await openSegments(spec), database.folder, sourceId)
  const source = await OpenSource.open({ sourceId, database, segments: await openSegments(spec), reader })
  await source.done
  const close = async (): Promise<void> => {
    await source.close()
    await database.close()
  }
  return { source, database, close }
}
