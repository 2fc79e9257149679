/** At the end of the tab row: what lanes are, their order, the critical path, and the table instead of the drawing. */
import { Download, Route, SlidersHorizontal, Table2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { laneBy } from '#contract/timeline'
import { Button } from '../../parts/Button.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import { Menu } from '../../parts/Menu.tsx'
import { Segmented } from '../../parts/Segmented.tsx'
import { Tooltip } from '../../parts/Tooltip.tsx'
import { useMedia } from '../../state/appearance.ts'
import { openExport } from '../../state/exports.ts'
import { type LaneSort, laneSorts, useTimelineOptions } from '../../state/timeline.ts'
import { byWord } from './barWords.ts'
import css from './Timeline.module.css'

const sortWord: Record<LaneSort, string> = { start: 'By first start', tasks: 'By tasks', busy: 'By busy time', errors: 'By errors', name: 'By name' }

export function TimelineTools(): ReactNode {
  const [{ by, within, sort, critical, inferred, asTable }, change] = useTimelineOptions()
  const wide = useMedia('(min-width:1500px)')
  // Two kinds have their place in the row; the others are in the menu, and the chosen one always in sight.
  const inSight = wide ? laneBy.options : (['activity', 'host'] as const).includes(by as 'activity') ? (['activity', 'host'] as const) : (['activity', by] as const)
  return (
    <>
      <Segmented name="Lanes by" value={by} options={inSight.map((kind) => ({ value: kind, label: byWord[kind] }))} onChange={(kind) => change({ by: kind, within: within === kind ? null : within })} />
      <Tooltip text={critical ? 'Do not draw the critical path' : 'Draw the longest chain of tasks that need each other'}>
        <Button size="small" icon={Route} aria-pressed={critical} onClick={() => change({ critical: !critical })}>
          <span className={css['wideOnly']}>Critical path</span>
        </Button>
      </Tooltip>
      <Menu
        name="Arrange the timeline"
        trigger={<IconButton small name="Arrange the timeline" icon={SlidersHorizontal} />}
        items={[
          { kind: 'heading', label: 'Lanes by' },
          ...laneBy.options.map((kind) => ({ label: byWord[kind], checked: kind === by, run: () => change({ by: kind, within: within === kind ? null : within }) })),
          { kind: 'separator' },
          { kind: 'heading', label: 'Within each' },
          { label: 'Nothing', checked: within === null, run: () => change({ within: null }) },
          ...laneBy.options.filter((kind) => kind !== by).map((kind) => ({ label: byWord[kind], checked: kind === within, run: () => change({ within: kind }) })),
          { kind: 'separator' },
          { kind: 'heading', label: 'Order of lanes' },
          ...laneSorts.map((order) => ({ label: sortWord[order], checked: order === sort, run: () => change({ sort: order }) })),
          { kind: 'separator' },
          { label: 'Critical path by equal values too', detail: 'inferred', checked: inferred, run: () => change({ inferred: !inferred }) },
          { kind: 'separator' },
          { label: 'Export…', detail: 'the tasks in scope', icon: Download, keys: 'Ctrl+E', run: () => openExport({ about: 'filtered' }) }
        ]}
      />
      <IconButton small name={asTable ? 'Show as a drawing' : 'Show as table'} icon={Table2} pressed={asTable} onClick={() => change({ asTable: !asTable })} />
    </>
  )
}
