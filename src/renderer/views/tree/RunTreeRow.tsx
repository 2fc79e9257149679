/** One row of the run's tree: what it is, what became of its tasks, and when they ran. */
import { ChevronDown, ChevronRight, Copy, Layers, TriangleAlert, Workflow } from 'lucide-react'
import type { RunTreeNode } from '#contract/tree'
import { classes } from '../../parts/classes.ts'
import { clock, count, counted, dateTime, seconds } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { StatusMark } from '../../parts/StatusMark.tsx'
import { Tooltip } from '../../parts/Tooltip.tsx'
import { useZone } from '../../state/appearance.ts'
import css from './RunTree.module.css'
import { StatusBar } from './StatusBar.tsx'
import type { TreeRow } from './TreeRows.ts'

const icons = { campaign: Layers, workflow: Workflow, fold: Copy }
const words = { campaign: 'campaign', workflow: 'workflow', fold: 'activity', task: 'task' }
const indentPx = 16

type RowProps = {
  id: string
  row: TreeRow
  rowIndex: number
  open: boolean
  current: boolean
  chosen: boolean
  span: { from: number; to: number } | null
  onChoose: () => void
  onToggle: (open: boolean) => void
  onMenu: (x: number, y: number) => void
}

export function RunTreeRow({ id, row, rowIndex, open, current, chosen, span, onChoose, onToggle, onMenu }: RowProps) {
  const zone = useZone()
  const { index, level, node, of } = row
  if (node === null) {
    return (
      <div id={id} role="row" aria-rowindex={rowIndex} aria-level={level} className={css['row']}>
        <span role="gridcell" className={css['name']} style={{ paddingLeft: 8 + level * indentPx }}>
          <span className={css['coming']} />
        </span>
      </div>
    )
  }
  const errors = node.statuses['ERROR'] ?? 0
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={rowIndex}
      aria-level={level}
      aria-setsize={of}
      aria-posinset={index + 1}
      aria-selected={chosen}
      aria-expanded={node.hasChildren ? open : undefined}
      className={classes(css['row'], chosen && css['chosen'], current && css['current'])}
      data-kind={node.kind}
      data-name={node.name}
      data-key={node.key}
      onClick={onChoose}
      onDoubleClick={() => node.hasChildren && onToggle(!open)}
      onContextMenu={(event) => {
        event.preventDefault()
        onMenu(event.clientX, event.clientY)
      }}
    >
      <span role="gridcell" className={css['name']} style={{ paddingLeft: 8 + (level - 1) * indentPx }} title={node.id !== null && node.id !== node.name ? `${node.name} · ${node.id}` : node.name}>
        {node.hasChildren ? (
          <span
            className={css['chevron']}
            aria-hidden="true"
            onClick={(event) => {
              event.stopPropagation()
              onToggle(!open)
            }}
          >
            <Icon of={open ? ChevronDown : ChevronRight} size={12} />
          </span>
        ) : (
          <span className={css['chevron']} />
        )}
        {node.kind === 'task' ? <StatusMark status={node.status} alone /> : <Icon of={icons[node.kind]} size={14} className="t3" />}
        <span className="hidden">{words[node.kind]} </span>
        <span className={classes('ell', node.kind !== 'task' && 'med')}>{node.name}</span>
        {node.count > 1 && <span className={css['times']}>×{count(node.count)}</span>}
        {node.kind === 'task' && node.id !== null && node.id !== node.name && <span className={css['id']}>{node.id}</span>}
        {node.oddity && (
          <Tooltip text={node.oddity.detail}>
            <span className={css['odd']}>
              <Icon of={TriangleAlert} size={12} />
              {oddities[node.oddity.kind]}
            </span>
          </Tooltip>
        )}
      </span>
      <span role="gridcell" className={css['status']}>
        {node.kind === 'task' && !node.hasChildren ? <StatusMark status={node.status} /> : <StatusBar statuses={node.statuses} tasks={node.tasks} />}
      </span>
      <span role="gridcell" className={css['tasks']}>
        {count(node.tasks)}
      </span>
      <span role="gridcell" className={classes(css['errors'], errors > 0 ? 'errc' : 't3')}>
        {errors > 0 ? count(errors) : ''}
      </span>
      <span role="gridcell" className={css['start']} title={node.start === null ? 'No start was recorded' : dateTime(node.start, zone, 6)}>
        {node.start === null ? <i className="null">null</i> : clock(node.start, zone, 3)}
      </span>
      <span role="gridcell" className={css['duration']} title={node.kind === 'fold' ? `Median of ${counted(node.count, 'task')}` : undefined}>
        {node.seconds === null ? <i className="null">null</i> : seconds(node.seconds)}
      </span>
      <span role="gridcell" className={css['when']}>
        <When node={node} span={span} />
      </span>
    </div>
  )
}

const oddities = { 'missing-parent': 'parent not here', 'other-workflow': 'parent in another workflow', cycle: 'cycle of parents', 'missing-workflow': 'workflow not recorded', 'workflow-cycle': 'cycle of workflows' }

/** Where it lies in the whole; open at its end while it runs. */
function When({ node: { end, start, statuses, tasks }, span }: { node: RunTreeNode; span: { from: number; to: number } | null }) {
  if (span === null || start === null) return null
  const whole = span.to - span.from || 1
  const share = (time: number): number => Math.min(1, Math.max(0, (time - span.from) / whole)) * 100
  const left = share(start)
  const right = end === null ? 100 : share(end)
  const tone = (statuses['ERROR'] ?? 0) === tasks ? 'err' : (statuses['FINISHED'] ?? 0) === tasks ? 'ok' : 'mixed'
  return (
    <span className={css['lane']} aria-hidden="true">
      <span className={css['bar']} data-tone={tone} data-open={end === null || undefined} style={{ left: `${left}%`, width: `max(2px, ${right - left}%)` }} />
    </span>
  )
}
