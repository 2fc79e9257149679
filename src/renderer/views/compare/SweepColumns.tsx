/** Which columns the table and the axes have: what varies is offered first; constant and empty ones are counted. */
import { Search } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { SweepColumn } from '#contract/compare'
import { Button } from '../../parts/Button.tsx'
import { Checkbox } from '../../parts/Checkbox.tsx'
import { count } from '../../parts/format.ts'
import { Popover } from '../../parts/Popover.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { workbench } from '../../state/workbench.ts'
import css from './Sweep.module.css'
import type { Sweep } from './useSweep.ts'
import { cellText } from './valueText.ts'

const mostListed = 300

export function SweepColumns({ sweep }: { sweep: Sweep }): ReactNode {
  const { varying, constant, empty } = sweep.groups
  const total = varying.length + constant.length + empty.length
  const hidden = [constant.length > 0 ? `${count(constant.length)} constant` : '', empty.length > 0 ? `${count(empty.length)} empty` : ''].filter(Boolean).join(' and ')
  return (
    <>
      <Popover
        name="Columns"
        align="end"
        className={css['columnsLayer']}
        trigger={
          <Button size="small">
            {count(sweep.shown.length)} of {count(total)} columns
          </Button>
        }
      >
        <Chooser sweep={sweep} />
      </Popover>
      {hidden !== '' && <span className={css['hiddenColumns']}>{hidden} hidden</span>}
    </>
  )
}

function Chooser({ sweep }: { sweep: Sweep }): ReactNode {
  const [search, setSearch] = useState('')
  const [more, setMore] = useState({ constant: false, empty: false })
  const { varying, constant, empty } = sweep.groups
  const shown = sweep.shown.map(({ name }) => name)
  const set = (name: string, on: boolean): void => {
    // New ones take the place that the engine's order gives them.
    const order = [...varying, ...constant, ...empty].map((column) => column.name)
    const next = on ? [...shown, name].toSorted((one, other) => (shown.includes(one) && shown.includes(other) ? shown.indexOf(one) - shown.indexOf(other) : order.indexOf(one) - order.indexOf(other))) : shown.filter((other) => other !== name)
    workbench.getState().setCompare({ columns: next.slice(0, 150) })
  }
  const wanted = search.trim().toLowerCase()
  const offered = [...varying, ...(more.constant ? constant : []), ...(more.empty ? empty : [])].filter(({ name }) => name.toLowerCase().includes(wanted))
  const listed = offered.slice(0, mostListed)
  return (
    <div className={css['pickBody']}>
      <div className={css['pickSearch']}>
        <TextField name="Find a column" placeholder="Find" icon={Search} small value={search} onChange={setSearch} autoFocus />
      </div>
      <div className={css['columnsMore']}>
        {constant.length > 0 && (
          <Checkbox checked={more.constant} onChange={(on) => setMore({ ...more, constant: on })}>
            {count(constant.length)} constant
          </Checkbox>
        )}
        {empty.length > 0 && (
          <Checkbox checked={more.empty} onChange={(on) => setMore({ ...more, empty: on })}>
            {count(empty.length)} empty
          </Checkbox>
        )}
        <span className="grow" />
        <Button tone="link" size="small" onClick={() => workbench.getState().setCompare({ columns: null })}>
          By default
        </Button>
      </div>
      <ul className={css['columnsList']} aria-label="Columns">
        {listed.map((column) => (
          <li key={column.name}>
            <Checkbox checked={shown.includes(column.name)} onChange={(on) => set(column.name, on)}>
              <span className="mono ell" title={column.name}>
                {column.name}
              </span>
            </Checkbox>
            <span className="f11 t3 nw">{factOf(column, sweep.runs)}</span>
          </li>
        ))}
      </ul>
      {offered.length > listed.length && <p className={css['pickNote']}>{count(offered.length - listed.length)} more: type to find them.</p>}
      {offered.length === 0 && <p className={css['pickNote']}>No column has “{search}” in its name.</p>}
    </div>
  )
}

function factOf({ filled, distinct, min, max, type }: SweepColumn, runs: number): string {
  if (filled === 0) return 'all null'
  const some = filled < runs ? `, ${count(runs - filled)} null` : ''
  if (type === 'number' && min !== null && max !== null) return min === max ? `= ${cellText(min)}${some}` : `${cellText(min)} – ${cellText(max)}${some}`
  return `${count(distinct)} distinct${some}`
}
