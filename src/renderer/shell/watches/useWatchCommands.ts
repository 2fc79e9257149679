/** Watches in the palette. */
import { useCommands } from '../../state/commands.ts'
import { acknowledge, firingOf, openWatches, templates, watchStore, watchThisFilter } from '../../state/watches.ts'
import { useSource } from '../../state/sources.ts'
import { useMatching } from '../../state/useMatching.ts'

export function useWatchCommands(): void {
  const open = useSource() !== null
  const { narrowed } = useMatching()
  const firing = watchStore((s) => firingOf(s.watches).length)
  useCommands(
    () => [
      { id: 'watches', group: 'General', title: 'Watches…', run: () => openWatches() },
      ...(open ? [{ id: 'watches.filter', group: 'Filter', title: 'Watch this filter…', unavailable: narrowed ? undefined : 'No filter is set', run: watchThisFilter } as const] : []),
      ...templates.map((template) => ({ id: `watches.new.${template.name}`, group: 'General', title: `Watch: ${template.name}…`, run: () => openWatches(template) }) as const),
      ...(firing > 0 ? [{ id: 'watches.seen', group: 'General', title: 'Mark all firing watches as seen', run: () => firingOf(watchStore.getState().watches).forEach(({ watch, state }) => void acknowledge(watch.watchId, state.sourceId)) } as const] : [])
    ],
    [open, narrowed, firing]
  )
}
