/** Beside a source in the navigator: a watch fires for it. */
import { BellRing } from 'lucide-react'
import { Icon } from '../../parts/Icon.tsx'
import { firingOf, watchStore } from '../../state/watches.ts'

export function WatchMark({ sourceId }: { sourceId: string }) {
  const names = watchStore((s) => firingOf(s.watches).filter(({ state }) => state.sourceId === sourceId).map(({ watch }) => watch.name).join(', '))
  if (names === '') return null
  return (
    <span role="img" aria-label={`Watch fires: ${names}`} title={`Watch fires: ${names}`} className="waitc">
      <Icon of={BellRing} size={12} />
    </span>
  )
}
