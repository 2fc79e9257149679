/** Campaign → workflow → sub-workflow → activity, each level asked for when it is opened. Choosing a node narrows every view to it. */
import { useCallback, useState } from 'react'
import type { Source } from '#contract/sources'
import { classes } from '../../parts/classes.ts'
import { count } from '../../parts/format.ts'
import { useCall } from '../../state/query.ts'
import { useWorkbench } from '../../state/workbench.ts'
import styles from './Navigator.module.css'
import { TreeBranch } from './TreeBranch.tsx'
import { moveInTree } from './moveInTree.ts'

export type TreeState = {
  sourceId: string
  isOpen: (key: string, level: number) => boolean
  setOpen: (key: string, open: boolean) => void
  /** The node that Tab reaches. */
  active: string | null
  setActive: (key: string) => void
  /** How many nodes in sight have this name: only then their ids are shown. */
  namesakes: (name: string) => number
  /** Tells which names a branch shows; null when it goes. */
  report: (branch: string, names: string[] | null) => void
}

export function WorkflowTree({ source }: { source: Source }) {
  const { sourceId } = source
  const roots = useCall('tree.children', { sourceId, parent: null, limit: 100 })
  const chosenKey = useWorkbench((s) => s.node?.key ?? null)
  const [toggled, setToggled] = useState<Record<string, boolean>>({})
  const [active, setActive] = useState<string | null>(null)
  const [names, setNames] = useState<Record<string, string[]>>({})
  const report = useCallback((branch: string, shown: string[] | null) => setNames(({ [branch]: _before, ...others }) => (shown === null ? others : { ...others, [branch]: shown })), [])
  const single = roots.data?.total === 1
  const filled = roots.data !== null && roots.data.total > 0
  const tree: TreeState = {
    sourceId,
    // Campaigns are opened to begin with, and further down where there is only one.
    isOpen: (key, level) => toggled[key] ?? (level === 1 || (single && level === 2)),
    setOpen: (key, open) => setToggled((before) => ({ ...before, [key]: open })),
    active: active ?? chosenKey ?? roots.data?.nodes[0]?.key ?? null,
    setActive,
    namesakes: (name) => Object.values(names).reduce((sum, shown) => sum + shown.filter((other) => other === name).length, 0),
    report
  }
  return (
    <>
      <div className={styles['head']}>
        <h2 className="grow" id="tree-title">
          Workflows <span className={styles['light']}>{roots.data ? count(roots.data.workflows) : ''}</span>
        </h2>
        <span className={styles['light']} title="The marks show the share of failed tasks; full is 5 %">
          errors 0–5 %
        </span>
        <span className={classes(styles['light'], styles['tasks'])}>tasks</span>
      </div>
      <div className={classes(styles['scroll'], styles['tree'])} {...(filled && { role: 'tree', 'aria-labelledby': 'tree-title', onKeyDown: moveInTree })}>
        <TreeBranch tree={tree} parent={null} level={1} indent={6} />
        {roots.data?.total === 0 && <p className={styles['note']}>{source.state === 'reading' ? 'The tree comes with the first tasks.' : 'There are no tasks with a workflow here.'}</p>}
        {roots.error && !filled && <p className={styles['note']}>{source.state === 'failed' ? 'Nothing could be read.' : roots.error.message}</p>}
      </div>
    </>
  )
}
