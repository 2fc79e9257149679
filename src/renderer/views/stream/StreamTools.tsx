/** At the end of the tab row: whether the stream follows the newest message. */
import { ArrowDownToLine } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Tooltip } from '../../parts/Tooltip.tsx'
import { streamState } from './streamState.ts'
import { useKeysOf } from '../../state/commands.ts'

export function StreamTools(): ReactNode {
  const following = streamState((s) => s.following)
  const toggle = streamState((s) => s.toggle)
  return (
    <Tooltip text={following ? 'The newest message stays in sight; scrolling up ends it' : 'Go to the newest message and stay there'} keys={useKeysOf('stream.latest')}>
      <Button size="small" icon={ArrowDownToLine} aria-pressed={following} onClick={toggle}>
        {following ? 'Following' : 'Follow'}
      </Button>
    </Tooltip>
  )
}
