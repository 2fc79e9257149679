/** Files opened as a source for a test, by the real reader and loader in this thread. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSegments } from '#engine/sources/openSegments'
import { Database } from '../engine/session/table/database.ts'
import { OpenSource } from '../engine/session/load/openSource.ts'
import { LocalReader } from '../engine/session/load/readerPort.ts'

export const fixtureFolder = join(import.meta.dirname, 'fixtures')

/** @param paths absolute, or within the fixtures' folder */
export async function openFixture(...paths: string[]): Promise<{ source: OpenSource; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'provscope-test-'))
  const database = await Database.create({ folder })
  const spec = { paths: paths.map((path) => (path.startsWith('/') ? path : join(fixtureFolder, path))), folder: join(folder, 'segments') }
  const reader = new LocalReader(await openSegments(spec), database.folder, 'fixture')
  const source = await OpenSource.open({ sourceId: 'fixture', database, segments: await openSegments(spec), reader })
  await source.done
  return {
    source,
    async close() {
      await source.close()
      await database.close()
      await rm(folder, { recursive: true, force: true })
    }
  }
}
