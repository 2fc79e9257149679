/** What lies over the drawing: zoom buttons, and the legend of shapes and lines. */
import { Maximize, Minus, Plus, RefreshCw } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../parts/Button.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import { Term } from '../../parts/Term.tsx'
import css from './Dataflow.module.css'
import { useKeysOf } from '../../state/commands.ts'
import { words } from '../../state/words.ts'

export function FlowFurniture({ onZoom, onFit, onAgain }: { onZoom: (by: 1 | -1) => void; onFit: () => void; /** Null while everything lies as it was laid out. */ onAgain: (() => void) | null }): ReactNode {
  return (
    <>
      <div className={css['zoom']} role="toolbar" aria-label="Zoom" aria-orientation="vertical">
        <IconButton name="Zoom in" keys={useKeysOf('dataflow.zoomIn')} icon={Plus} tooltipSide="left" onClick={() => onZoom(1)} />
        <IconButton name="Zoom out" keys={useKeysOf('dataflow.zoomOut')} icon={Minus} tooltipSide="left" onClick={() => onZoom(-1)} />
        <IconButton name="Show all of it" keys={useKeysOf('dataflow.fit')} icon={Maximize} tooltipSide="left" onClick={onFit} />
      </div>
      {onAgain && (
        <div className={css['again']}>
          <Button size="small" icon={RefreshCw} onClick={onAgain}>
            Lay out again
          </Button>
        </div>
      )}
      <Legend />
    </>
  )
}

function Legend(): ReactNode {
  return (
    <ul className={css['legend']} aria-label="Legend">
      <Entry name="Value">
        <ellipse cx="13" cy="7" rx="12" ry="6" fill="var(--entity)" stroke="var(--entity-line)" />
      </Entry>
      <Entry name="Activity">
        <rect x="1" y="1" width="24" height="12" rx="2" fill="var(--activity)" stroke="var(--activity-line)" />
      </Entry>
      <Entry name="Agent">
        <path d="M3 13V5l10-4 10 4v8z" fill="var(--agent)" stroke="var(--agent-line)" />
      </Entry>
      <Entry name={<Term {...words.captured}>Captured</Term>}>
        <path d="M1 7h24" stroke="var(--text-2)" strokeWidth="1.5" />
      </Entry>
      <Entry name={<Term {...words.inferred}>Inferred</Term>}>
        <path d="M1 7h24" stroke="var(--text-2)" strokeWidth="1.5" strokeDasharray="5 4" />
      </Entry>
    </ul>
  )
}

function Entry({ name, children }: { name: ReactNode; children: ReactNode }): ReactNode {
  return (
    <li>
      <svg width="26" height="14" aria-hidden="true">
        {children}
      </svg>
      {name}
    </li>
  )
}
