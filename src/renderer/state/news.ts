/** Says aloud what happens to sources and to the connection: once, in words, to the polite live region. */
import type { LiveState } from '#contract/live'
import type { Source } from '#contract/sources'
import { announce } from './live.ts'
import { engine } from './sources.ts'

export function followNews(): () => void {
  const ends = [
    engine.subscribe((state) => state.sources, (sources, before) => tellSources(sources, before)),
    engine.subscribe(
      (state) => state.link.state,
      (state, before) => {
        if (state === 'lost') announce('The connection to the engine is lost. What is shown is kept.')
        if (state === 'live' && before === 'lost') announce('Connected again.')
      }
    )
  ]
  return () => ends.forEach((end) => end())
}

const words = new Intl.NumberFormat('en-US')

function tellSources(sources: Source[], before: Source[]): void {
  for (const source of sources) {
    const old = before.find(({ sourceId }) => sourceId === source.sourceId)
    const tasks = words.format(source.counts.tasks)
    if (source.live) tellLive(source, source.live, old?.live ?? null)
    if (source.live && source.state !== old?.state) continue
    if (source.state !== old?.state) {
      if (source.state === 'ready') announce(`${source.name}: all ${tasks} tasks are loaded${source.problems > 0 ? `, ${words.format(source.problems)} problems` : ''}.`)
      if (source.state === 'failed') announce(`${source.name} could not be read. ${source.error ?? ''}`)
      if (source.state === 'stopped') announce(`Reading ${source.name} stopped at ${tasks} tasks.`)
      if (source.state === 'reading') announce(`Reading ${source.name}.`)
    } else if (old && source.counts.tasks > old.counts.tasks && source.state === 'reading') {
      pending.set(source.sourceId, (pending.get(source.sourceId) ?? 0) + source.counts.tasks - old.counts.tasks)
      tellGrowth(source)
    }
  }
}

/** Pause, loss and failure: each once. */
function tellLive({ name }: Source, live: LiveState, before: LiveState | null): void {
  if (live.link.name !== before?.link.name) {
    if (live.link.name === 'live') announce(before && before.link.name !== 'connecting' ? `${name}: connected again.` : `${name}: attached.`)
    if (live.link.name === 'retrying' && before) announce(`${name}: the connection is lost. ${live.link.reason ?? ''} It is tried again.`)
    if (live.link.name === 'lost') announce(`${name}: the connection is lost. ${live.link.reason ?? ''}`)
    if (live.link.name === 'detached') announce(`${name}: detached.`)
  }
  if (before && live.pausedAt !== before.pausedAt) announce(live.pausedAt === null ? `${name}: resumed.` : `${name}: paused. Messages go on arriving and are counted.`)
  if (before && live.gapCount > before.gapCount) announce(`${name}: a gap. ${live.gaps.at(-1)?.reason ?? ''}`)
  for (const store of live.stores) {
    const known = before?.stores.find((other) => other.type === store.type && other.name === store.name)
    if (known && known.state.name !== store.state.name && (store.state.name === 'retrying' || store.state.name === 'lost')) announce(`${name}: ${store.type} cannot be written. ${store.state.reason ?? ''}`)
  }
}

const pending = new Map<string, number>()
const growthEveryMs = 5000
let toldAt = 0
function tellGrowth(source: Source): void {
  if (Date.now() < toldAt + growthEveryMs) return
  toldAt = Date.now()
  announce(`${words.format(pending.get(source.sourceId) ?? 0)} more tasks, ${words.format(source.errors)} errors.`)
  pending.delete(source.sourceId)
}
