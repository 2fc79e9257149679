/** What narrows all views: the navigator's node, conditions, text, time; and the export of what is left. */
import { BellPlus, Braces, Download, History, Layers, Plus, Workflow, Activity } from 'lucide-react'
import { type RefObject, useLayoutEffect, useRef, useState } from 'react'
import type { Source } from '#contract/sources'
import { Button } from '../../parts/Button.tsx'
import { Chip, chipWords } from '../../parts/Chip.tsx'
import { count } from '../../parts/format.ts'
import { IconButton } from '../../parts/IconButton.tsx'
import { Popover } from '../../parts/Popover.tsx'
import { useMedia } from '../../state/appearance.ts'
import { useKeysOf } from '../../state/commands.ts'
import { openExport } from '../../state/exports.ts'
import { phraseOf } from '../../state/filterWords.ts'
import type { Chip as ChipOfScope } from '../../state/scope.ts'
import { travelInTime } from '../../state/moment.ts'
import { singular, useMatching } from '../../state/useMatching.ts'
import { watchThisFilter } from '../../state/watches.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { ViewsButton } from '../savedViews/ViewsButton.tsx'
import { ConditionEditor } from './ConditionEditor.tsx'
import styles from './FilterBar.module.css'
import { FilterChip } from './FilterChip.tsx'
import { JsonEditor } from './JsonEditor.tsx'
import { SearchField } from './SearchField.tsx'
import { TimeRibbon } from './TimeRibbon.tsx'
import { useFilterPopovers } from './useFilterPopovers.ts'

const nodeIcons = { campaign: Layers, workflow: Workflow, activity: Activity }

export function FilterBar({ source }: { source: Source }) {
  const [bar, width] = useWidth()
  const narrow = useMedia('(max-width:1180px)')
  const searched = useWorkbench((s) => s.search !== '')
  const room = width - (narrow ? takenNarrow + (searched ? takenBySearch : 0) : taken)
  return (
    <div ref={bar} className={styles['bar']} role="group" aria-label="Filter, shared by all views" data-region="filter">
      <Chips room={room} narrow={narrow} />
      <AddFilter />
      <EditAsJson />
      <WatchFilter />
      <SearchField />
      <TimeRibbon source={source} />
      <TimeTravel />
      <ViewsButton />
      <ExportButton />
    </div>
  )
}

/** Pixels of everything in the bar but the chips: filter, JSON, the least of the search, ribbon, export, gaps. */
const taken = 676
/** In narrow windows, where search and filter are icons and the ribbon a button. */
const takenNarrow = 512

/** What a search with a text in it needs more than its icon. */
const takenBySearch = 150

function Chips({ room, narrow }: { room: number; narrow: boolean }) {
  const node = useWorkbench((s) => s.node)
  const chips = useWorkbench((s) => s.chips)
  const least = narrow && node !== null ? 0 : 1
  const shown = chips.slice(0, fitting(room - (node ? widthOf(`${node.kind} ${node.name}`, 50) : 0), chips, least))
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

/** How many chips fit; at least the first stays in sight, where the node does not. Estimated, so that nothing moves twice. */
function fitting(room: number, chips: ChipOfScope[], least: number): number {
  let left = room
  const first = chips.findIndex((chip) => {
    left -= widthOf(phraseOf(chip.filter), chip.on ? 42 : 66)
    return left < 0
  })
  return first === -1 ? chips.length : Math.max(least, first)
}

const letterWidth = 7.2
const longestChip = 326
const widthOf = (words: string, around: number): number => Math.min(longestChip, words.length * letterWidth + around)

function useWidth(): [RefObject<HTMLDivElement | null>, number] {
  const element = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(window.innerWidth - 240)
  useLayoutEffect(() => {
    if (!element.current) return
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width))
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [])
  return [element, width]
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

/** In narrow windows there is no room for it; the palette has it too. */
function WatchFilter() {
  const { narrowed } = useMatching()
  const narrow = useMedia('(max-width:1180px)')
  return narrowed && !narrow ? <IconButton small name="Watch this filter" icon={BellPlus} onClick={watchThisFilter} /> : null
}

function TimeTravel() {
  const travelling = useWorkbench((s) => s.moment !== null)
  return <IconButton small name={travelling ? 'Back to now' : 'Travel in time'} keys={useKeysOf('moment')} icon={History} pressed={travelling} onClick={() => (travelling ? workbench.getState().setMoment(null) : void travelInTime())} />
}

function ExportButton() {
  const { matching, records } = useMatching()
  const words = matching === null ? records : `${count(matching)} ${matching === 1 ? singular(records) : records}`
  return (
    <Button icon={Download} aria-keyshortcuts="Control+E" disabled={matching === 0} onClick={() => openExport()}>
      Export {words}
    </Button>
  )
}
