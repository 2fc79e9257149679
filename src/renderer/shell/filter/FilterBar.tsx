/** What narrows all views: the navigator's node, conditions, text, time; and the export of what is left. */
import { Braces, Download, Layers, Plus, Workflow, Activity } from 'lucide-react'
import { useState } from 'react'
import type { Source } from '#contract/sources'
import { Button } from '../../parts/Button.tsx'
import { Chip, chipWords } from '../../parts/Chip.tsx'
import { count } from '../../parts/format.ts'
import { IconButton } from '../../parts/IconButton.tsx'
import { Popover } from '../../parts/Popover.tsx'
import { useMedia } from '../../state/appearance.ts'
import { singular, useMatching } from '../../state/useMatching.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { ConditionEditor } from './ConditionEditor.tsx'
import styles from './FilterBar.module.css'
import { FilterChip } from './FilterChip.tsx'
import { JsonEditor } from './JsonEditor.tsx'
import { SearchField } from './SearchField.tsx'
import { TimeRibbon } from './TimeRibbon.tsx'
import { useFilterPopovers } from './useFilterPopovers.ts'

const nodeIcons = { campaign: Layers, workflow: Workflow, activity: Activity }

export function FilterBar({ source }: { source: Source }) {
  return (
    <div className={styles['bar']} role="group" aria-label="Filter, shared by all views" data-region="filter">
      <Chips />
      <AddFilter />
      <EditAsJson />
      <SearchField />
      <TimeRibbon source={source} />
      <ExportButton />
    </div>
  )
}

function Chips() {
  const node = useWorkbench((s) => s.node)
  const chips = useWorkbench((s) => s.chips)
  const narrow = useMedia('(max-width:1180px)')
  const middling = useMedia('(max-width:1560px)')
  const room = Math.max(1, (narrow ? 2 : middling ? 3 : 6) - (node ? 1 : 0))
  // One more fits where otherwise only one would be folded.
  const shown = chips.length <= room ? chips : chips.slice(0, room)
  const folded = chips.slice(shown.length)
  return (
    <>
      {node && (
        <Chip tinted icon={nodeIcons[node.kind]} name={`${node.kind} ${node.name}`} onRemove={() => workbench.getState().setNode(null)}>
          <span className={chipWords.field}>{node.kind}</span>
          <span className={chipWords.value}>{node.name}</span>
        </Chip>
      )}
      {shown.map((chip) => (
        <FilterChip key={chip.key} chip={chip} />
      ))}
      {folded.length > 0 && (
        <Popover name="More conditions" className={styles['folded']} trigger={<Button aria-label={`${folded.length} more conditions`}>+{folded.length}</Button>}>
          {folded.map((chip) => (
            <FilterChip key={chip.key} chip={chip} />
          ))}
        </Popover>
      )}
    </>
  )
}

function AddFilter() {
  const { adding, setAdding } = useFilterPopovers()
  return (
    <Popover
      name="Add a filter"
      className={styles['editor']}
      open={adding}
      onOpenChange={setAdding}
      trigger={
        <Button tone="ghost" icon={Plus} className={styles['add']} aria-label="Add a filter" aria-keyshortcuts="F">
          <span className={styles['word']}>Filter</span>
        </Button>
      }
    >
      <ConditionEditor
        initial={null}
        onDone={(filter) => {
          setAdding(false)
          if (filter) workbench.getState().addChips([filter])
        }}
      />
    </Popover>
  )
}

function EditAsJson() {
  const [open, setOpen] = useState(false)
  return (
    <Popover name="The filter as JSON" className={styles['json']} open={open} onOpenChange={setOpen} trigger={<IconButton small name="Edit the filter as JSON" icon={Braces} />}>
      <JsonEditor onDone={() => setOpen(false)} />
    </Popover>
  )
}

function ExportButton() {
  const { matching, records } = useMatching()
  const words = matching === null ? records : `${count(matching)} ${matching === 1 ? singular(records) : records}`
  return (
    <Button icon={Download} aria-keyshortcuts="Control+E" disabled={matching === 0} onClick={() => workbench.getState().setDialog('export')}>
      Export {words}
    </Button>
  )
}
