/** A life of the store in JSON Lines; what comes through it to and from the others stands in transfer.test.ts. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openJsonlStore } from './jsonlStore.ts'

test('a full life: written, merged, reopened, sorted', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jsonl-store-'))
  const path = join(folder, 'run.jsonl')
  const store = await openJsonlStore(path)
  await Promise.all([1, 2, 3].map((n) => store.write([{ kind: 'task', message: { task_id: `t${n}`, used: { n } } }, { kind: 'task', message: { task_id: 'shared', used: { [`k${n}`]: n } } }])))
  expect(await store.get('task', 'shared')).toEqual({ task_id: 'shared', used: { k1: 1, k2: 2, k3: 3 } })
  await store.close()
  const again = await openJsonlStore(path)
  const found: unknown[] = []
  for await (const document of again.query('task', { sort: [{ path: 'used.n', descending: true }], projection: ['used.n'], limit: 2 })) found.push(document)
  expect(found).toEqual([{ task_id: 't3', used: { n: 3 } }, { task_id: 't2', used: { n: 2 } }])
  expect(await again.count('task')).toBe(4)
  await again.close()
  rmSync(folder, { recursive: true })
})
