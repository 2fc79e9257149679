/** Says aloud what happens to sources and to the connection: once, in words, to the polite live region. */
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

const pending = new Map<string, number>()
const growthEveryMs = 5000
let toldAt = 0
function tellGrowth(source: Source): void {
  if (Date.now() < toldAt + growthEveryMs) return
  toldAt = Date.now()
  announce(`${words.format(pending.get(source.sourceId) ?? 0)} more tasks, ${words.format(source.errors)} errors.`)
  pending.delete(source.sourceId)
}
