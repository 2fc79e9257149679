/** What can be done with a live source, for the palette and the keyboard. */
import { useCommands } from '../../state/commands.ts'
import { attachAgain, detachSource, isAttached, pauseSource } from '../../state/liveSource.ts'
import { useSource } from '../../state/sources.ts'
import { workbench } from '../../state/workbench.ts'

export function useLiveCommands(): void {
  const source = useSource()
  const { sourceId, name = '', live } = source ?? {}
  const isLive = live != null
  const attached = isLive && isAttached(live)
  const paused = isLive && live.pausedAt !== null
  useCommands(() => {
    if (!source || sourceId === undefined || !isLive) return []
    const { setDialog } = workbench.getState()
    return [
      { id: 'live.pause', group: 'Sources', title: paused ? 'Resume the live source' : 'Pause the live source', detail: name, keys: 'Space', unavailable: attached ? undefined : 'it is not attached', run: () => void pauseSource(sourceId, !paused) },
      { id: 'live.dump', group: 'Sources', title: 'Dump the buffer…', detail: name, run: () => setDialog('dump') },
      { id: 'live.fill', group: 'Sources', title: 'Fill gaps from a file…', detail: name, run: () => setDialog('fill') },
      attached
        ? { id: 'live.detach', group: 'Sources', title: 'Detach', detail: name, run: () => void detachSource(sourceId) }
        : { id: 'live.attach', group: 'Sources', title: 'Attach again', detail: name, run: () => void attachAgain(source) }
    ]
    // The source itself changes several times a second; what the commands need of it does not.
  }, [sourceId, name, isLive, attached, paused, source?.state])
}
