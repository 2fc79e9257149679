/** One side of the comparison: which run it is, its figures, and the list to choose another. */
import { ChevronDown } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { Run, RunFigure } from '#contract/compare'
import { Icon } from '../../parts/Icon.tsx'
import { Popover } from '../../parts/Popover.tsx'
import { useZone } from '../../state/appearance.ts'
import { markRun, type Side } from '../../state/compare.ts'
import { useEngine } from '../../state/sources.ts'
import { useWorkbench } from '../../state/workbench.ts'
import css from './Compare.module.css'
import { RunList } from './RunList.tsx'
import { factsText, shortId } from './runWords.ts'
import { SideMark } from './SideMark.tsx'

export function RunPicker({ side, run, figure, otherSource }: { side: Side; run: Run | null; figure: RunFigure | null; /** The sides lie in different sources: say which. */ otherSource: boolean }): ReactNode {
  const [open, setOpen] = useState(false)
  const zone = useZone()
  const source = useEngine((s) => s.sources.find(({ sourceId }) => sourceId === run?.sourceId) ?? null)
  const chosen = useWorkbench((s) => s.pair[side])
  const name = figure?.name ?? (run?.kind === 'all' ? (source?.name ?? 'Everything') : (run?.id ?? ''))
  return (
    <Popover
      name={`Choose run ${side.toUpperCase()}`}
      open={open}
      onOpenChange={setOpen}
      className={css['pickerLayer']}
      trigger={
        <button type="button" className={css['side']} data-side={side}>
          <span className={css['sideName']}>
            <span className="hidden">Run </span>
            <SideMark side={side} />
            {run ? (
              <>
                <span className="strong ell">{name}</span>
                {run.kind === 'workflow' && <span className="mono f11 t3">{shortId(run)}</span>}
                {figure && figure.label !== '' && <span className="f11 t2 ell">{figure.label}</span>}
                {otherSource && source && <span className={css['sourceTag']}>{source.name}</span>}
              </>
            ) : (
              <span className="t2">Choose run {side.toUpperCase()}…</span>
            )}
            <span className="grow" />
            <Icon of={ChevronDown} size={14} className="t3" />
          </span>
          <span className={css['sideFacts']}>{figure ? factsText(figure, zone) : run ? (source ? 'Comparing…' : 'Its source is closed') : 'A workflow, a campaign, or everything in a source'}</span>
        </button>
      }
    >
      <RunList
        name={`Runs for ${side.toUpperCase()}`}
        current={chosen}
        onPick={(picked) => {
          setOpen(false)
          markRun(picked, side)
        }}
      />
    </Popover>
  )
}
