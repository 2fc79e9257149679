/** The tables and their columns, by the parts of their names; a click writes a name into the editor. */
import { ChevronDown, ChevronRight, RefreshCw, Search, Table2 } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react'
import { type SqlTable, sqlTables } from '#contract/sql'
import { Icon } from '../../parts/Icon.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { moveKey } from '../../state/commands.ts'
import { nullWords, written } from './completion.ts'
import { insertText } from './editorFocus.ts'
import { type SchemaNode, schemaRows } from './schemaRows.ts'
import { useSchema } from './useSchema.ts'
import css from './Sql.module.css'

const everything: ReadonlySet<SqlTable> = new Set(sqlTables)

export function SchemaTree({ sourceId }: { sourceId: string }): ReactNode {
  const [search, setSearch] = useState('')
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set(['tasks']))
  const [current, setCurrent] = useState('tasks')
  const tree = useRef<HTMLDivElement>(null)
  const wanted = search.trim()
  const asked = useMemo(() => (wanted === '' ? new Set(sqlTables.filter((name) => open.has(name))) : everything), [wanted, open])
  const { error, retry, tables } = useSchema(sourceId, asked, wanted)
  const rows = useMemo(() => schemaRows(tables, open, wanted), [tables, open, wanted])
  const toggle = (key: string, on?: boolean): void =>
    setOpen((before) => {
      const next = new Set(before)
      if (on ?? !before.has(key)) next.add(key)
      else next.delete(key)
      return next
    })
  const use = (row: SchemaNode): void => {
    setCurrent(row.key)
    if (row.kind === 'column') insertText(written(row.path))
    else toggle(row.key)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = Math.max(0, rows.findIndex(({ key }) => key === current))
    const row = rows[at]
    const key = moveKey(event.nativeEvent)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[key]
    if (to !== undefined) move(rows[Math.min(rows.length - 1, Math.max(0, to))])
    else if (!row) return
    else if (key === 'ArrowRight' && row.kind !== 'column' && !row.open) toggle(row.key, true)
    else if (key === 'ArrowRight' && row.kind !== 'column') move(rows[at + 1])
    else if (key === 'ArrowLeft' && row.open) toggle(row.key, false)
    else if (key === 'ArrowLeft') move(rows.slice(0, at).findLast(({ level }) => level < row.level))
    else if (key === 'Enter' || key === ' ') use(row)
    else return
    event.preventDefault()
  }
  const move = (row: SchemaNode | undefined): void => {
    if (!row) return
    setCurrent(row.key)
    tree.current?.querySelector(`[data-key="${CSS.escape(row.key)}"]`)?.scrollIntoView({ block: 'nearest' })
  }
  const active = rows.some(({ key }) => key === current) ? current : rows[0]?.key
  return (
    <section className={css['schema']} aria-label="Schema">
      <header className={css['sideHead']}>
        <span className="med grow">Schema</span>
        <IconButton small name="Read the schema again" icon={RefreshCw} onClick={retry} />
      </header>
      <TextField className={css['search']} name="Table or field" placeholder="Table or field" icon={Search} value={search} onChange={setSearch} />
      {error !== null && <p className={css['note']}>{error}</p>}
      <div ref={tree} role="tree" aria-label="Tables and columns" aria-activedescendant={active === undefined ? undefined : `sql-schema-${active}`} tabIndex={0} className={css['tree']} onKeyDown={onKeyDown}>
        {rows.map((row) => (
          <SchemaRow key={row.key} row={row} isCurrent={row.key === active} onUse={() => use(row)} />
        ))}
      </div>
      {wanted !== '' && rows.length === 0 && <p className={css['note']}>No table or field has “{wanted}” in its name.</p>}
    </section>
  )
}

function SchemaRow({ isCurrent, onUse, row }: { row: SchemaNode; isCurrent: boolean; onUse: () => void }): ReactNode {
  const { about, kind, level, name, open, path } = row
  const title = row.kind === 'column' ? `${path}: ${row.type}${row.unit === null ? '' : `, ${row.unit}`}; ${nullWords(row.nulls, row.rows)}` : path
  return (
    <div
      id={`sql-schema-${row.key}`}
      data-key={row.key}
      role="treeitem"
      aria-level={level}
      aria-expanded={kind === 'column' ? undefined : open}
      aria-selected={isCurrent}
      className={css['node']}
      style={{ paddingLeft: 6 + (level - 1) * 14 }}
      title={title}
      onClick={onUse}
    >
      <span className={css['chevron']}>{kind !== 'column' && <Icon of={open ? ChevronDown : ChevronRight} size={12} />}</span>
      {kind === 'table' && <Icon of={Table2} size={14} />}
      <span className={kind === 'table' ? 'mono grow ell med' : 'mono grow ell'}>{name}</span>
      {kind === 'column' && row.nulls !== null && row.nulls > 0 && row.rows > 0 && <NullShare share={row.nulls / row.rows} />}
      <span className={css['about']}>{about}</span>
      {kind === 'column' && <span className="hidden">{nullWords(row.nulls, row.rows)}</span>}
    </div>
  )
}

/** How much of the column is null, as a bar that fills with what is there. */
function NullShare({ share }: { share: number }): ReactNode {
  return (
    <svg width="18" height="4" aria-hidden="true" className={css['share']}>
      <rect width="18" height="4" rx="2" />
      <rect width={Math.max(share < 1 ? 1 : 0, 18 * (1 - share))} height="4" rx="2" data-filled="" />
    </svg>
  )
}
