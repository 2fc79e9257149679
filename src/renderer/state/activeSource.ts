/** Keeps the shown source to what is open: a source that appears is shown, one that goes makes room for another. */
import { engine } from './sources.ts'
import { workbench } from './workbench.ts'

export function followSources(): () => void {
  let known: Set<string> | null = null
  return engine.subscribe(
    (state) => (state.link.state === 'connecting' ? null : state.sources),
    (sources) => {
      if (sources === null) return
      const ids = sources.map((source) => source.sourceId)
      const { sourceId, openSource } = workbench.getState()
      const fresh = known === null ? undefined : ids.findLast((id) => !known?.has(id))
      if (fresh !== undefined) openSource(fresh)
      else if (sourceId === null || !ids.includes(sourceId)) openSource(ids.at(-1) ?? null)
      known = new Set(ids)
    }
  )
}
