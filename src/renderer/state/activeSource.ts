/** Keeps the shown source to what is open: a source that appears is shown, one that goes makes room for another. */
import { settingNow, whenSettingsKnown } from './settings.ts'
import { engine } from './sources.ts'
import { workbench } from './workbench.ts'

export function followSources(): () => void {
  // An address that names a view is what somebody wants to see.
  const bare = location.hash === ''
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
      if (fresh !== undefined || (known === null && bare && ids.length > 0)) whenSettingsKnown(openChosenView)
      known = new Set(ids)
    }
  )
}

/** What the settings say is shown of a source that was just opened. */
function openChosenView(): void {
  const view = settingNow('open.view')
  if (view !== 'stay') workbench.getState().openView(view)
}
