/** A condition in three steps that complete each other: column, operator, value with the values there are. */
import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import type { Column } from '#contract/tables'
import { Button } from '../../parts/Button.tsx'
import { count } from '../../parts/format.ts'
import { Menu } from '../../parts/Menu.tsx'
import { SuggestField } from '../../parts/SuggestField.tsx'
import { Tag } from '../../parts/Tag.tsx'
import { useZone } from '../../state/appearance.ts'
import { type Operator, conditionOf, filterFor, operatorsOf, parseValue, wantsNoValue } from '../../state/filterValue.ts'
import { useCall } from '../../state/query.ts'
import type { TheFilter } from '../../state/scope.ts'
import { useWorkbench } from '../../state/workbench.ts'
import styles from './FilterBar.module.css'
import { useFilterPopovers } from './useFilterPopovers.ts'
import { ValueField } from './ValueField.tsx'

/** @param onDone with null: nothing was set */
export function ConditionEditor({ initial, onDone }: { initial: TheFilter | null; onDone: (filter: TheFilter | null) => void }) {
  const asked = useFilterPopovers().column
  const start = initial ? conditionOf(initial) : null
  const [name, setName] = useState(start?.column ?? asked)
  return name === null ? <PickColumn onPick={setName} /> : <Condition key={name} name={name} start={start?.column === name ? start : null} onOtherColumn={() => setName(null)} onDone={onDone} />
}

function PickColumn({ onPick }: { onPick: (name: string) => void }) {
  const sourceId = useWorkbench((s) => s.sourceId)
  const records = useWorkbench((s) => s.records)
  const [text, setText] = useState('')
  const { data, loading, current } = useCall('columns.list', sourceId === null ? null : { sourceId, records, search: text, limit: 60 })
  return (
    <SuggestField
      inline
      pending={loading && !current}
      autoFocus
      firstMarked
      mono
      name="Column"
      placeholder="Column, such as used.lr"
      value={text}
      onChange={setText}
      suggestions={(data?.columns ?? []).map((column) => ({ key: column.name, label: <span className="mono">{column.name}</span>, detail: `${column.type}, ${count(column.filled)} filled` }))}
      note={data ? (data.total === 0 ? 'No column has this in its name.' : `${count(data.total)} columns`) : 'Reading the columns'}
      onPick={onPick}
    />
  )
}

function Condition({ name, start, onOtherColumn, onDone }: { name: string; start: { operator: Operator; values: unknown[] } | null; onOtherColumn: () => void; onDone: (filter: TheFilter | null) => void }) {
  const zone = useZone()
  const type = useColumnType(name)
  const operators = operatorsOf(type)
  const [chosen, setOperator] = useState<Operator | null>(start?.operator ?? null)
  const operator = chosen ?? operators[0] ?? '='
  const [text, setText] = useState(start && operator !== 'one of' && start.values.length > 0 ? asText(start.values[0]) : '')
  const [values, setValues] = useState<unknown[]>(operator === 'one of' ? (start?.values ?? []) : [])
  const [mistake, setMistake] = useState<string | null>(null)

  /** Reads the field as a value; tells what is wrong with it. */
  const read = (): { value: unknown } | null => {
    const asTyped = operator === 'contains' || operator === 'matches'
    const parsed = asTyped ? ({ ok: true, value: text } as const) : parseValue(text, type, zone)
    setMistake(parsed.ok ? null : parsed.message)
    return parsed.ok ? { value: parsed.value } : null
  }
  const finish = (): void => {
    if (wantsNoValue(operator)) return onDone(filterFor(name, operator, []))
    if (operator === 'one of') {
      const last = text === '' ? null : read()
      if (text !== '' && !last) return
      const all = last ? [...values, last.value] : values
      if (all.length > 0) onDone(filterFor(name, operator, all))
      return
    }
    const parsed = read()
    if (parsed) onDone(filterFor(name, operator, [parsed.value]))
  }
  const pick = (value: unknown): void => {
    setText('')
    if (operator === 'one of') setValues((before) => (before.some((other) => same(other, value)) ? before.filter((other) => !same(other, value)) : [...before, value]))
    else onDone(filterFor(name, operator, [value]))
  }
  return (
    <>
      <div className={styles['chosenColumn']}>
        <span className="mono med ell" title={name}>
          {name}
        </span>
        <Button tone="link" size="small" onClick={onOtherColumn}>
          Other column
        </Button>
      </div>
      <div className={styles['condition']}>
        <Menu
          align="start"
          trigger={
            <Button aria-label={`Operator: ${operator}`}>
              {operator} <ChevronDown size={12} aria-hidden="true" />
            </Button>
          }
          items={operators.map((option) => ({ label: option, checked: option === operator, run: () => setOperator(option) }))}
        />
        {!wantsNoValue(operator) && <ValueField column={name} type={type} text={text} onText={(next) => (setText(next), setMistake(null))} mistake={mistake} picked={values} pickable={operator === '=' || operator === '≠' || operator === 'one of'} onPick={pick} onEnter={finish} />}
      </div>
      {operator === 'one of' && values.length > 0 && (
        <div className={styles['values']}>
          {values.map((value) => (
            <Tag key={asText(value)} mono className={styles['value'] ?? ''}>
              {asText(value)}
            </Tag>
          ))}
        </div>
      )}
      <div className={styles['foot']}>
        <span className="grow" />
        <Button onClick={() => onDone(null)}>Cancel</Button>
        <Button tone="primary" onClick={finish}>
          {start ? 'Change filter' : 'Add filter'}
        </Button>
      </div>
    </>
  )
}

function useColumnType(name: string): Column['type'] {
  const sourceId = useWorkbench((s) => s.sourceId)
  const records = useWorkbench((s) => s.records)
  const { data } = useCall('columns.list', sourceId === null ? null : { sourceId, records, search: name, limit: 100 })
  return data?.columns.find((column) => column.name === name)?.type ?? 'mixed'
}

const asText = (value: unknown): string => {
  if (typeof value === 'string') return value
  const wrapped = typeof value === 'object' && value !== null ? Object.entries(value)[0] : undefined
  return wrapped?.[0].startsWith('$number') ? String(wrapped[1]) : JSON.stringify(value)
}
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
