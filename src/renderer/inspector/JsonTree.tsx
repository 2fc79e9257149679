/** A JSON value as an aligned tree of keys and values; every value exact, long ones folded and unfoldable. */
import { ChevronDown, ChevronRight } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { type JsonObject, type JsonValue, stringifyJson } from '#contract/json'
import { count } from '../parts/format.ts'
import { Icon } from '../parts/Icon.tsx'
import { fieldOf } from './fields.ts'
import css from './Inspector.module.css'

/** Levels that are open at first, and how many keys or items one stretch shows. */
const openLevels = 2
const stretch = 100
const inlineLength = 34
const foldedText = 240

export function JsonTree({ value, units, path, level = 0 }: { value: JsonValue; units: JsonObject | null; path: string; level?: number }): ReactNode {
  const [stretches, setStretches] = useState(1)
  if (typeof value !== 'object' || value === null) return <Leaf name={path} value={value} level={level} unit={null} />
  const entries: [string, JsonValue][] = Array.isArray(value) ? value.map((item, index) => [String(index), item]) : Object.entries(value)
  const shown = entries.slice(0, stretches * stretch)
  return (
    <>
      {shown.map(([key, item]) => (
        <Entry key={key} name={key} value={item} level={level} units={units} />
      ))}
      {shown.length < entries.length && (
        <button type="button" className={css['more']} onClick={() => setStretches(stretches * 4)}>
          {count(shown.length)} of {count(entries.length)} shown. Show more
        </button>
      )}
    </>
  )
}

function Entry({ name, value, level, units }: { name: string; value: JsonValue; level: number; units: JsonObject | null }): ReactNode {
  const isObject = typeof value === 'object' && value !== null
  const size = isObject ? (Array.isArray(value) ? value.length : Object.keys(value).length) : 0
  const inline = isObject && (size === 0 || (Array.isArray(value) && isShort(value)))
  const [open, setOpen] = useState(level < openLevels && size <= 30)
  if (!isObject || inline) {
    const unit = units ? fieldOf(units, name) : undefined
    return <Leaf name={name} value={value} level={level} unit={typeof unit === 'string' ? unit : null} />
  }
  return (
    <>
      <div className={css['pair']} data-level={level > 0 || undefined} style={{ ['--level' as string]: level }}>
        <button type="button" className={css['branch']} aria-expanded={open} onClick={() => setOpen(!open)} title={name}>
          <span className="ell">{name}</span>
          <Icon of={open ? ChevronDown : ChevronRight} size={12} />
        </button>
        <span className={css['value']}>
          <span className={css['unit']}>
            {count(size)} {Array.isArray(value) ? (size === 1 ? 'item' : 'items') : size === 1 ? 'key' : 'keys'}
          </span>
        </span>
      </div>
      {open && <JsonTree value={value} units={null} path={name} level={level + 1} />}
    </>
  )
}

function Leaf({ name, value, level, unit }: { name: string; value: JsonValue; level: number; unit: string | null }): ReactNode {
  const [whole, setWhole] = useState(false)
  const text = typeof value === 'string' ? value : stringifyJson(value)
  const long = text.length > foldedText
  return (
    <div className={css['pair']} data-level={level > 0 || undefined} data-long={text.length > inlineLength || undefined} style={{ ['--level' as string]: level }}>
      <span className={css['key']} title={name}>
        {name === '' ? '(empty key)' : name}
      </span>
      <span className={css['value']}>
        {value === null ? (
          <span className="null">null</span>
        ) : (
          <span className={css['text']} data-kind={typeof value}>
            {long && !whole ? `${text.slice(0, foldedText)}…` : text}
          </span>
        )}
        {unit !== null && <span className={css['unit']}>{unit}</span>}
        {long && (
          <button type="button" className={css['more']} onClick={() => setWhole(!whole)}>
            {whole ? 'Show less' : `Show all ${count(text.length)} characters`}
          </button>
        )}
      </span>
    </div>
  )
}

/** A list of a few scalars is read best in one line. */
const isShort = (items: JsonValue[]): boolean => items.length <= 8 && items.every((item) => typeof item !== 'object' || item === null) && stringifyJson(items).length <= inlineLength
