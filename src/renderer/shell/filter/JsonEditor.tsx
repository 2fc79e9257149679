/** The filter behind the chips as JSON, to read, change and paste, with the place of a mistake. */
import { type ReactNode, useMemo, useRef, useState } from 'react'
import { FilterSyntaxError, parseFilterText } from '#contract/filter'
import { Refusal } from '#contract/reply'
import { Button } from '../../parts/Button.tsx'
import { classes } from '../../parts/classes.ts'
import { counted } from '../../parts/format.ts'
import { splitFilter } from '../../state/filterWords.ts'
import { useCall } from '../../state/query.ts'
import { type Chip, type TheFilter, chipOf, join } from '../../state/scope.ts'
import { singular } from '../../state/useMatching.ts'
import { workbench } from '../../state/workbench.ts'
import styles from './FilterBar.module.css'

type Mistake = { message: string; path?: string; at?: number }

/** @param chip edit this one only; else all that are on */
export function JsonEditor({ chip, onDone }: { chip?: Chip; onDone: () => void }) {
  const { chips, sourceId, records } = workbench.getState()
  const area = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState(() => JSON.stringify(chip ? chip.filter : join(chips.filter(({ on }) => on).map(({ filter }) => filter)), null, 2))
  const read = useMemo(() => readText(text), [text])
  const filter = 'filter' in read ? read.filter : null
  const check = useCall('filter.check', filter && sourceId !== null ? { sourceId, records, filter } : null)
  const mistake: Mistake | null = 'mistake' in read ? read.mistake : check.error ? { message: check.error.message, ...(check.error.path && { path: pathWords(check.error.path) }) } : null
  const apply = (): void => {
    if (!filter || mistake) return area.current?.focus()
    const { changeChip, setChips } = workbench.getState()
    if (chip) changeChip(chip.key, Object.keys(filter).length > 0 ? filter : null)
    else setChips([...splitFilter(filter).map(chipOf), ...chips.filter(({ on }) => !on)])
    onDone()
  }
  const goTo = (at: number): void => {
    area.current?.focus()
    area.current?.setSelectionRange(at, at + 1)
  }
  return (
    <>
      <div className="row" style={{ marginBottom: 6 }}>
        <label htmlFor="filter-json" className="strong nw">
          Filter as JSON
        </label>
        <span className="t3 f11 ell">Flowcept’s query language; $and $or $nor $not $eq $ne $gt $gte $lt $lte $in $nin $exists $regex</span>
      </div>
      <textarea
        ref={area}
        id="filter-json"
        autoFocus
        spellCheck={false}
        className={classes(styles['text'], 'mono', mistake && styles['wrong'])}
        aria-invalid={mistake !== null}
        aria-describedby="filter-json-state"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => (event.ctrlKey || event.metaKey) && event.key === 'Enter' && apply()}
      />
      <div id="filter-json-state" aria-live="polite">
        <State mistake={mistake} count={check.current ? (check.data?.count ?? null) : null} records={records} unknown={check.data?.unknownColumns ?? []} onGoTo={goTo} />
      </div>
      <div className={styles['foot']}>
        <span className="grow" />
        <Button onClick={onDone}>Cancel</Button>
        <Button tone="primary" disabled={mistake !== null} onClick={apply}>
          Apply filter
        </Button>
      </div>
    </>
  )
}

function State({ mistake, count, records, unknown, onGoTo }: { mistake: Mistake | null; count: number | null; records: Parameters<typeof singular>[0]; unknown: string[]; onGoTo: (at: number) => void }): ReactNode {
  if (mistake) {
    const { at } = mistake
    return (
      <p className={styles['mistake']}>
        <span className="grow">
          {mistake.path !== undefined && <span className="mono f11">{mistake.path}: </span>}
          {mistake.message}
        </span>
        {at !== undefined && (
          <Button tone="link" size="small" onClick={() => onGoTo(at)}>
            Go there
          </Button>
        )}
      </p>
    )
  }
  return (
    <p className="t2" style={{ marginTop: 6 }}>
      {count === null ? ' ' : `${counted(count, singular(records))} in the whole source match.`}
      {unknown.length > 0 && <span className="waitc"> No record here has {unknown.join(', ')}.</span>}
    </p>
  )
}

function readText(text: string): { filter: TheFilter } | { mistake: Mistake } {
  try {
    return { filter: parseFilterText(text).filter }
  } catch (error) {
    if (error instanceof FilterSyntaxError) {
      const lines = text.split('\n').slice(0, error.line - 1)
      return { mistake: { message: error.message, at: lines.reduce((sum, line) => sum + line.length + 1, 0) + error.column - 1 } }
    }
    if (error instanceof Refusal) return { mistake: { message: error.message, ...(error.path && error.path.length > 0 && { path: pathWords(error.path) }) } }
    throw error
  }
}

const pathWords = (path: (string | number)[]): string => path.join(' › ')
