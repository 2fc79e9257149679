/** Writes task after task into an LMDB environment and says each number once it is written, until it is killed. */
import { openLmdbStore } from '#engine/stores/lmdbStore'

const store = openLmdbStore(process.argv[2] as string)
for (let n = await store.count('task'); ; n++) {
  await store.write([{ kind: 'task', message: { task_id: `n${n}`, used: { text: 'x'.repeat(n % 5000) } } }])
  process.stdout.write(`${n}\n`)
}
