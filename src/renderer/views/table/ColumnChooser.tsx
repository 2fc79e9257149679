/** Chooses columns: search, groups by prefix, show, hide, pin, drag; constant and empty ones are counted and can be hidden. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronDown, ChevronRight, GripVertical, Pin, Search } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react'
import type { Source } from '#contract/sources'
import type { Column } from '#contract/tables'
import type { Records } from '#contract/values'
import { Button } from '../../parts/Button.tsx'
import { Checkbox } from '../../parts/Checkbox.tsx'
import { count } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { useAskedId } from '../../state/moment.ts'
import { useZone } from '../../state/appearance.ts'
import { type TableLayout, isShown, useLayout, useTableLayout } from '../../state/tableLayout.ts'
import { useScope } from '../../state/useScope.ts'
import { boundText, timeBoundText } from './boundText.ts'
import css from './ColumnChooser.module.css'
import type { ColumnStats } from './MiniChart.tsx'
import { useAllStats } from './useAllStats.ts'

type Item = { kind: 'group'; prefix: string; columns: Column[]; open: boolean } | { kind: 'column'; column: Column }

const groupPx = 27
const columnPx = 26

export function ColumnChooser({ source, records, columns, shown }: { source: Source; records: Records; columns: readonly Column[]; shown: readonly Column[] }): ReactNode {
  const scope = useScope()
  const zone = useZone()
  const { key, layout, constant } = useLayout(source.sourceId, records)
  const { change, reset } = useTableLayout.getState()
  const [search, setSearch] = useState('')
  const [closed, setClosed] = useState<ReadonlySet<string>>(() => new Set(['telemetry_at_start.', 'telemetry_at_end.', 'telemetry_summary.', 'flowcept_settings.', 'machine_info.']))
  const stats = useAllStats(key, useAskedId(source.sourceId), records, scope, source.revision, columns)
  const [drag, setDrag] = useState<{ name: string; before: string | null } | null>(null)
  const isOn = (column: Column): boolean => isShown(column, layout, constant)
  const ordered = useMemo(() => [...shown, ...columns.filter((column) => !shown.includes(column))], [shown, columns])
  const items = useMemo(() => itemsOf(columns, ordered, search, closed), [columns, ordered, search, closed])
  const empty = columns.filter((column) => column.filled === 0)
  const set = (names: readonly string[], on: boolean): void => change(key, { visible: { ...layout.visible, ...Object.fromEntries(names.map((name) => [name, on])) } })
  const toggle = (prefix: string): void => setClosed((before) => (before.has(prefix) ? new Set([...before].filter((other) => other !== prefix)) : new Set([...before, prefix])))

  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({ count: items.length, getScrollElement: () => scroller.current, estimateSize: (index) => (items[index]?.kind === 'group' ? groupPx : columnPx), overscan: 8 })
  const drop = (): void => {
    if (drag && drag.before !== drag.name) change(key, reordered(shown, layout, drag.name, drag.before))
    setDrag(null)
  }
  const move = (column: Column, step: number): void => {
    const names = shown.map(({ name }) => name)
    const at = names.indexOf(column.name)
    const to = at + step
    if (at === -1 || to < 0 || to >= names.length) return
    change(key, reordered(shown, layout, column.name, names[step < 0 ? to : to + 1] ?? null))
  }

  return (
    <div className={css['chooser']}>
      <div className={css['top']}>
        <span className="strong f12">Columns</span>
        <span className="grow f11 t3">
          {count(shown.length)} of {count(columns.length)} shown
        </span>
        <Button tone="ghost" size="small" onClick={() => reset(key, records)}>
          Reset
        </Button>
      </div>
      <div className={css['search']}>
        <TextField name="Find a column" placeholder="Field or prefix" icon={Search} value={search} onChange={setSearch} autoFocus />
      </div>
      <div className={css['hide']}>
        <Checkbox checked={layout.hideConstant} onChange={(on) => change(key, { hideConstant: on })}>
          Hide constant <b className="med">{stats.size < columns.length ? '…' : count(constant.size)}</b>
        </Checkbox>
        <Checkbox checked={layout.hideEmpty} onChange={(on) => change(key, { hideEmpty: on })}>
          Hide empty <b className="med">{count(empty.length)}</b>
        </Checkbox>
      </div>
      <div ref={scroller} className={css['list']} onPointerUp={drop}>
        <ul style={{ height: virtual.getTotalSize() }} aria-label="Columns by prefix">
          {virtual.getVirtualItems().map((row) => {
            const item = items[row.index]
            if (!item) return null
            const style = { transform: `translateY(${row.start}px)` }
            if (item.kind === 'group') {
              const on = item.columns.filter(isOn).length
              return (
                <li key={`group ${item.prefix}`} className={css['group']} style={style}>
                  <button type="button" className={css['fold']} aria-expanded={item.open} onClick={() => toggle(item.prefix)}>
                    <Icon of={item.open ? ChevronDown : ChevronRight} size={12} className="t3" />
                    <span className="mono">{item.prefix || 'record'}</span>
                  </button>
                  <span className="grow" />
                  <span className="f11 t3">
                    {count(on)} of {count(item.columns.length)}
                  </span>
                  <Checkbox
                    name={`All of ${item.prefix || 'the record'}`}
                    checked={on === 0 ? false : on === item.columns.length ? true : 'indeterminate'}
                    onChange={() => set(item.columns.map(({ name }) => name), on < item.columns.length)}
                  />
                </li>
              )
            }
            const { column } = item
            const pinned = layout.pinned.includes(column.name)
            const on = isOn(column)
            return (
              <li
                key={column.name}
                className={css['column']}
                style={style}
                data-drop={(drag !== null && drag.before === column.name && drag.name !== column.name) || undefined}
                data-dragged={drag?.name === column.name || undefined}
                onPointerMove={() => drag && on && drag.before !== column.name && setDrag({ ...drag, before: column.name })}
              >
                <span className={css['grip']} data-on={on || undefined} title="Drag to reorder, or Alt+↑ and Alt+↓" onPointerDown={() => on && setDrag({ name: column.name, before: column.name })}>
                  <Icon of={GripVertical} size={12} />
                </span>
                <span className="grow ell" onKeyDown={(event: KeyboardEvent) => event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown') && (event.preventDefault(), move(column, event.key === 'ArrowUp' ? -1 : 1))}>
                  <Checkbox checked={on} onChange={(next) => set([column.name], next)}>
                    <span className="mono ell" title={column.name}>
                      {column.name.slice(column.prefix.length) || '(empty name)'}
                    </span>
                  </Checkbox>
                </span>
                <span className="f11 t3 nw">{summary(column, stats.get(column.name), zone)}</span>
                <IconButton
                  name={pinned ? `Unpin ${column.name}` : `Pin ${column.name}`}
                  icon={Pin}
                  small
                  className={pinned ? css['pinned'] : css['pin']}
                  onClick={() => change(key, { pinned: pinned ? layout.pinned.filter((other) => other !== column.name) : [...layout.pinned, column.name], ...(pinned ? {} : { visible: { ...layout.visible, [column.name]: true } }) })}
                />
              </li>
            )
          })}
        </ul>
        {items.length === 0 && <div className="t3 f12" style={{ padding: '12px 14px' }}>No column has “{search}” in its name.</div>}
      </div>
      <div className={css['foot']}>
        <Button onClick={() => set(columns.filter(({ filled }) => filled > 0 || !layout.hideEmpty).map(({ name }) => name), true)}>Show all {count(columns.length - (layout.hideEmpty ? empty.length : 0))}</Button>
        <Button onClick={() => set(columns.filter(({ name }) => !layout.pinned.includes(name)).map(({ name }) => name), false)}>Hide all but pinned</Button>
      </div>
    </div>
  )
}

function itemsOf(columns: readonly Column[], ordered: readonly Column[], search: string, closed: ReadonlySet<string>): Item[] {
  const wanted = search.trim().toLowerCase()
  const prefixes = [...new Set(columns.map(({ prefix }) => prefix))]
  return prefixes.flatMap((prefix): Item[] => {
    const members = ordered.filter((column) => column.prefix === prefix && column.name.toLowerCase().includes(wanted))
    if (members.length === 0) return []
    const open = wanted !== '' || !closed.has(prefix)
    return [{ kind: 'group', prefix, columns: members, open }, ...(open ? members.map((column): Item => ({ kind: 'column', column })) : [])]
  })
}

function summary(column: Column, stats: ColumnStats | undefined, zone: 'utc' | 'local'): string {
  if (!stats) return ''
  if (stats.nulls === stats.rows) return 'all null'
  if (stats.distinct === 1) return `= ${boundText(stats.min ?? stats.top?.[0]?.value ?? null).slice(0, 20)}`
  if (stats.bins) return column.type === 'time' ? `${timeBoundText(stats.min, stats.max, zone)} – ${timeBoundText(stats.max, stats.min, zone)}` : `${boundText(stats.min)} – ${boundText(stats.max)}`
  return stats.nulls > 0 ? `${count(stats.nulls)} null` : `${count(stats.distinct)} distinct`
}

function reordered(shown: readonly Column[], layout: TableLayout, name: string, before: string | null): Partial<TableLayout> {
  const order = shown.map((column) => column.name).filter((other) => other !== name)
  order.splice(before === null ? order.length : Math.max(0, order.indexOf(before)), 0, name)
  return { order, pinned: order.filter((other) => layout.pinned.includes(other)) }
}
