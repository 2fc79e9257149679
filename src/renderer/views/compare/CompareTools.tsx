/** What stands at the end of the tab row while Compare is open: how tasks are matched, or what a row of the sweep is. */
import { Download } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Run } from '#contract/compare'
import { IconButton } from '../../parts/IconButton.tsx'
import { Menu } from '../../parts/Menu.tsx'
import { Segmented } from '../../parts/Segmented.tsx'
import type { Pairing, SweepRow } from '../../state/comparing.ts'
import { openRunDocument } from '../../state/exports.ts'
import { useWorkbench } from '../../state/workbench.ts'
import { AddRun } from './AddRun.tsx'
import css from './Compare.module.css'

const pairings: { value: Pairing; label: string }[] = [
  { value: 'order', label: 'Activity and order' },
  { value: 'inputs', label: 'Inputs' },
  { value: 'parent', label: 'Parent' }
]
const rows: { value: SweepRow; label: string }[] = [
  { value: 'workflow', label: 'Workflow' },
  { value: 'campaign', label: 'Campaign' },
  { value: 'task', label: 'Task' }
]

export function CompareTools(): ReactNode {
  const { as, match, row } = useWorkbench((s) => s.compare)
  const setCompare = useWorkbench((s) => s.setCompare)
  const { a, b } = useWorkbench((s) => s.pair)
  if (as === 'sweep') {
    return (
      <>
        <span className={css['toolLabel']}>Row is</span>
        <Segmented name="A row is a" value={row} options={rows} onChange={(value) => setCompare({ row: value, runs: null, objective: null, where: [], brush: [], columns: null, sort: null, chosen: null, x: null, y: null, marks: null })} />
        <Segmented
          name="Compare"
          value={as}
          options={[
            { value: 'pair', label: 'Two runs' },
            { value: 'sweep', label: 'Sweep' }
          ]}
          onChange={(value) => setCompare({ as: value })}
        />
      </>
    )
  }
  return (
    <>
      {a && b && (
        <>
          <span className={css['toolLabel']}>Tasks matched by</span>
          <Segmented name="Tasks matched by" value={match} options={pairings} onChange={(value) => setCompare({ match: value })} />
          <AddRun a={a} b={b} />
          <SaveRuns a={a} b={b} />
        </>
      )}
      <Segmented
        name="Compare"
        value={as}
        options={[
          { value: 'pair', label: 'Two runs' },
          { value: 'sweep', label: 'Sweep' }
        ]}
        onChange={(value) => setCompare({ as: value })}
      />
    </>
  )
}

/** Either run as a document of its own. */
function SaveRuns({ a, b }: { a: Run; b: Run }): ReactNode {
  const items = [
    { label: 'Save run A as provenance or a report…', run: () => openRunDocument(a) },
    { label: 'Save run B as provenance or a report…', run: () => openRunDocument(b) }
  ]
  return <Menu name="Save a run" trigger={<IconButton small name="Save a run as provenance or a report" icon={Download} />} items={items} />
}
