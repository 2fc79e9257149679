/** At the end of the tab row: direction of a lineage, level of a scope, folding, evidence, the way the arrows point, and the list. */
import { ChevronDown, Download, List, Waypoints } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import { Menu } from '../../parts/Menu.tsx'
import { Segmented } from '../../parts/Segmented.tsx'
import { Tooltip } from '../../parts/Tooltip.tsx'
import { type Level, ask, dataflow, levels, useDataflow } from '../../state/lineage.ts'
import { openDocument } from '../../state/exports.ts'
import { type Lineage, useWorkbench, workbench } from '../../state/workbench.ts'

const levelWords: Record<Level, string> = { campaign: 'Campaigns', workflow: 'Workflows', activity: 'Activities', task: 'Tasks' }
const directions: { value: Lineage['direction']; label: string }[] = [
  { value: 'up', label: 'Up' },
  { value: 'down', label: 'Down' },
  { value: 'both', label: 'Both' }
]

export function DataflowTools(): ReactNode {
  const lineage = useWorkbench((s) => s.lineage)
  const { level, values, fold, inferred, prov, asList } = useDataflow()
  return (
    <>
      {lineage && lineage.to === null && <Segmented name="Direction" value={lineage.direction} options={directions} onChange={(direction) => workbench.getState().openLineage({ ...lineage, direction })} />}
      {!lineage && (
        <Menu
          name="Level"
          trigger={
            <Button size="small" aria-label={`Level: ${levelWords[level]}`}>
              {levelWords[level]}
              <Icon of={ChevronDown} size={12} />
            </Button>
          }
          items={[
            { kind: 'heading', label: 'One node stands for' },
            ...levels.map((value) => ({ label: { campaign: 'A campaign', workflow: 'A workflow', activity: 'An activity', task: 'A task' }[value], checked: level === value, run: () => ask({ level: value }) })),
            { kind: 'separator' as const },
            { label: 'Values between them', checked: values, run: () => ask({ values: !values }) }
          ]}
        />
      )}
      <Toggle words="Fold" hint="Draw what stands alike as one, with ×N" on={fold} onChange={(next) => ask({ fold: next })} />
      <Toggle words="Inferred" hint="Tie tasks by equal values, dashed" on={inferred} onChange={(next) => ask({ inferred: next })} />
      <Segmented
        name="Direction of the arrows"
        value={prov ? 'prov' : 'flow'}
        options={[
          { value: 'flow', label: 'Data flow' },
          { value: 'prov', label: 'PROV' }
        ]}
        onChange={(next) => dataflow.setState({ prov: next === 'prov' })}
      />
      <IconButton
        name={lineage ? 'Save the lineage as provenance' : 'Save what is shown as provenance'}
        icon={Download}
        small
        onClick={() => openDocument(lineage ? { about: 'lineage', taskId: lineage.taskId, direction: lineage.direction, inferred } : { about: 'filtered', inferred })}
      />
      <IconButton name={asList ? 'Show as drawing' : 'Show as list'} icon={asList ? Waypoints : List} small onClick={() => dataflow.setState({ asList: !asList })} />
    </>
  )
}

function Toggle({ words, hint, on, onChange }: { words: string; hint: string; on: boolean; onChange: (on: boolean) => void }): ReactNode {
  return (
    <Tooltip text={hint}>
      <Button size="small" aria-pressed={on} onClick={() => onChange(!on)}>
        {words}
      </Button>
    </Tooltip>
  )
}
