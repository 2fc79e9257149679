/** A moment that is read for long stays, however many others are asked for meanwhile. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSegments } from '#engine/sources/openSegments'
import { fixtureFolder } from '../../../testing/openFixture.ts'
import { OpenSource } from '../load/openSource.ts'
import { LocalReader } from '../load/readerPort.ts'
import type { OpenEntry } from '../openEntry.ts'
import { Database } from '../table/database.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { Moments } from './moments.ts'

const count = async (table: SourceTable): Promise<unknown> => (await table.query({ text: `SELECT count(*) FROM ${table.rows}`, values: [] }))[0]?.[0]

test('what is held outlives others, and goes once it is released; what nobody holds goes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'held-moments-'))
  const database = await Database.create({ folder })
  const spec = { paths: [join(fixtureFolder, 'jsonl/11_status_updates.jsonl')], folder: join(folder, 'segments') }
  const source = await OpenSource.open({ sourceId: 's', database, segments: await openSegments(spec), reader: new LocalReader(await openSegments(spec), database.folder, 's') })
  await source.done
  const moments = new Moments({ database, tempDir: folder, restMs: 0, openReader: () => Promise.reject(new Error('not for so few messages')) })
  const entryOf = (): OpenEntry => ({ sourceId: 's', table: async () => await Promise.resolve(source) }) as Partial<OpenEntry> as OpenEntry
  const ask = async (at: number) => await moments.table(`s@${at}`, entryOf)
  const gone = async (table: SourceTable): Promise<void> => await expect.poll(async () => await count(table).then(() => 'there', () => 'gone')).toBe('gone')
  try {
    const held = await moments.hold('s@4000000000', entryOf)
    const passing = await ask(4_000_000_001)
    const whole = await count(source)
    expect(await count(passing)).toBe(whole)
    for (const at of [2, 3, 4, 5, 6]) await ask(4_000_000_000 + at)
    await gone(passing)
    expect(await count(held.table)).toBe(whole)
    held.release()
    await gone(held.table)
  } finally {
    await moments.forget('s')
    await source.close()
    await database.close()
    await rm(folder, { recursive: true })
  }
})
