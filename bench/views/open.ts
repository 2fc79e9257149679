/** A buffer opened in an engine of a benchmark's own, and the time that its questions take. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Given, Method, Result } from '#contract/methods'
import { createEngine } from '#engine/session/engine'

export type Bench = {
  readonly sourceId: string
  readonly openMs: number
  ask<M extends Method>(method: M, params: Omit<Given<M>, 'sourceId'>): Promise<Result<M>>
  /** Asks, and notes how long it took under `name`; of several times the first, and the median of the others. */
  timed<M extends Method>(name: string, method: M, params: Omit<Given<M>, 'sourceId'>, times?: number): Promise<Result<M>>
  note(name: string, value: unknown): void
}

/** Prints what was noted as JSON. */
export async function withBuffer(use: (bench: Bench) => Promise<void>): Promise<void> {
  const file = process.argv[2]
  if (file === undefined) throw new Error('Name a buffer file.')
  const folder = mkdtempSync(join(tmpdir(), 'provscope-bench-'))
  const engine = await createEngine({ host: 'served', version: 'bench', configDir: join(folder, 'config'), tempDir: folder, remember: false })
  try {
    const call = engine.call('host')
    const askAll = async <M extends Method>(method: M, params: Given<M>): Promise<Result<M>> => {
      const reply = await call(method, params)
      if (!reply.ok) throw new Error(`${method}: ${reply.error.message}`)
      return reply.value
    }
    const notes: Record<string, unknown> = {}
    const began = performance.now()
    const { sourceId } = await askAll('sources.openPaths', { paths: [file] })
    for (let cursor = ''; (await askAll('sources.list', {})).sources[0]?.state === 'reading'; ) cursor = (await askAll('changes.next', { cursor, waitMs: 10_000 })).cursor
    // The runs of a comparison name their sources each.
    const ask: Bench['ask'] = (method, params) => askAll(method, ('a' in params ? params : { sourceId, ...params }) as Given<typeof method>)
    const bench: Bench = {
      sourceId,
      openMs: performance.now() - began,
      ask,
      note: (name, value) => void (notes[name] = value),
      async timed(name, method, params, times = 1) {
        const taken: number[] = []
        let answer: Result<typeof method> | undefined
        for (let time = 0; time < times; time++) {
          const from = performance.now()
          answer = await ask(method, params)
          taken.push(performance.now() - from)
        }
        const [first = 0, ...others] = taken.map((ms) => Math.round(ms * 10) / 10)
        notes[name] = others.length === 0 ? first : { first, median: others.toSorted((one, other) => one - other)[others.length >> 1] }
        return answer as Result<typeof method>
      }
    }
    await use(bench)
    process.stdout.write(`${JSON.stringify({ openMs: Math.round(bench.openMs), peakMiB: Math.round(process.resourceUsage().maxRSS / 1024), ms: notes }, null, 2)}\n`)
  } finally {
    await engine.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
