/** The children of one node of the tree, in pages, and theirs below them. */
import { ChevronDown, ChevronRight, Download, Layers, Workflow } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Result } from '#contract/methods'
import { classes } from '../../parts/classes.ts'
import { ErrorMark } from '../../parts/ErrorMark.tsx'
import { count } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { ContextMenu, type MenuItem } from '../../parts/Menu.tsx'
import { compareAs, markRun, runOfNode, sameRun } from '../../state/compare.ts'
import { openExport, openRunDocument } from '../../state/exports.ts'
import { useCall } from '../../state/query.ts'
import { type Pair, useWorkbench, workbench } from '../../state/workbench.ts'
import styles from './Navigator.module.css'
import type { TreeState } from './WorkflowTree.tsx'

type TreeNode = Result<'tree.children'>['nodes'][number]

const pageSize = 100

export function TreeBranch({ tree, parent, level, indent }: { tree: TreeState; parent: string | null; level: number; indent: number }) {
  const [pages, setPages] = useState(1)
  const { data, error } = useCall('tree.children', { sourceId: tree.sourceId, parent, limit: pageSize * pages })
  const { report } = tree
  useEffect(() => {
    if (!data) return
    report(parent ?? '', data.nodes.filter((node) => node.kind !== 'activity').map((node) => node.name))
    return () => report(parent ?? '', null)
  }, [data, parent, report])
  if (!data) return error && parent !== null ? <p className={classes(styles['note'], 'errc')}>{error.message}</p> : null
  const left = data.total - data.nodes.length
  return (
    <>
      {data.nodes.map((node, index) => (
        <TreeRow key={node.key} tree={tree} node={node} level={level} indent={indent} place={{ index, of: data.total }} collides={node.kind !== 'activity' && tree.namesakes(node.name) > 1} />
      ))}
      {left > 0 && (
        <button type="button" className={classes(styles['row'], styles['moreRow'])} style={{ paddingLeft: indent + 20 }} onClick={() => setPages(pages + 1)}>
          Show {count(Math.min(pageSize, left))} more of {count(left)}
        </button>
      )}
    </>
  )
}

function TreeRow({ tree, node, level, indent, place, collides }: { tree: TreeState; node: TreeNode; level: number; indent: number; place: { index: number; of: number }; collides: boolean }) {
  const chosen = useWorkbench((s) => s.node?.key === node.key)
  const pair = useWorkbench((s) => s.pair)
  const leaf = node.kind === 'activity'
  const open = node.hasChildren && tree.isOpen(node.key, level)
  const choose = (): void => {
    tree.setActive(node.key)
    workbench.getState().setNode(chosen ? null : { key: node.key, kind: node.kind, name: node.name, filter: node.filter })
  }
  const row = (
    <div
      role="treeitem"
      aria-level={level}
      aria-setsize={place.of}
      aria-posinset={place.index + 1}
      aria-selected={chosen}
      aria-expanded={node.hasChildren ? open : undefined}
      data-name={node.name}
      tabIndex={tree.active === node.key ? 0 : -1}
      data-open={open}
      className={classes(styles['row'], chosen && styles['chosen'])}
      // Leaves stand under their parent's icon.
      style={{ paddingLeft: leaf ? indent + 16 : indent }}
      title={node.id !== null && node.id !== node.name ? `${node.name} · ${node.id}` : node.name}
      onFocus={() => tree.setActive(node.key)}
      onClick={choose}
      onDoubleClick={() => node.hasChildren && tree.setOpen(node.key, !open)}
    >
      {!leaf &&
        (node.hasChildren ? (
          <span
            className={styles['chevron']}
            aria-hidden="true"
            data-toggle=""
            onClick={(event) => {
              event.stopPropagation()
              tree.setOpen(node.key, !open)
            }}
          >
            <Icon of={open ? ChevronDown : ChevronRight} size={12} />
          </span>
        ) : (
          <span className={styles['spacer']} />
        ))}
      {!leaf && <Icon of={node.kind === 'campaign' ? Layers : Workflow} size={14} />}
      <span className="grow ell">
        {node.name} {collides && node.id !== null && <span className={styles['id']}>{node.id.slice(0, 8)}</span>}
      </span>
      <RunMarks sourceId={tree.sourceId} node={node} pair={pair} />
      <ErrorMark errors={node.statuses['ERROR'] ?? 0} tasks={node.tasks} />
      <span className={styles['count']}>
        {count(node.tasks)}
        <span className="hidden"> tasks</span>
      </span>
    </div>
  )
  return (
    <>
      {leaf ? row : <ContextMenu items={compareItems(tree.sourceId, node, pair)}>{row}</ContextMenu>}
      {open && <TreeBranch tree={tree} parent={node.key} level={level + 1} indent={indent + 14} />}
    </>
  )
}

/** Whether the node is run A or B of the comparison. */
function RunMarks({ sourceId, node, pair }: { sourceId: string; node: TreeNode; pair: Pair }) {
  if (node.kind === 'activity') return null
  const run = runOfNode(sourceId, node)
  return (['a', 'b'] as const)
    .filter((side) => sameRun(pair[side], run))
    .map((side) => (
      <span key={side} className={styles['side']} data-side={side}>
        <span className="hidden">run </span>
        {side.toUpperCase()}
      </span>
    ))
}

function compareItems(sourceId: string, node: TreeNode, pair: Pair): MenuItem[] {
  const run = runOfNode(sourceId, node)
  if (run === null) return [{ label: 'Compare', detail: 'tasks without a workflow are no run', disabled: true, run: () => undefined }]
  const items: MenuItem[] = (['a', 'b'] as const).map((side) => ({ label: `Compare: mark as ${side.toUpperCase()}`, disabled: sameRun(pair[side], run), run: () => markRun(run, side) }))
  if (node.kind === 'campaign') items.push({ label: 'Compare its workflows', detail: 'as a sweep', run: () => sweepOf(node) })
  items.push(
    { kind: 'separator' },
    { label: 'Export its tasks…', icon: Download, run: () => exportTasksOf(node) },
    { label: 'Save its provenance or a report…', icon: Download, run: () => openRunDocument(run) }
  )
  return items
}

/** They become the scope: what is exported is what is shown. */
function exportTasksOf(node: TreeNode): void {
  workbench.getState().setNode({ key: node.key, kind: node.kind, name: node.name, filter: node.filter })
  openExport({ about: 'filtered' })
}

function sweepOf(node: TreeNode): void {
  workbench.getState().setNode({ key: node.key, kind: node.kind, name: node.name, filter: node.filter })
  compareAs({ as: 'sweep', row: 'workflow', runs: null })
}
