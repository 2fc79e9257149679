/** CSV of what is shown: which rows, which columns, to where; and the exports of this session. */
import { Download } from 'lucide-react'
import { useState } from 'react'
import type { Source } from '#contract/sources'
import { call } from '../../connection/call.ts'
import { Button } from '../../parts/Button.tsx'
import { Checkbox } from '../../parts/Checkbox.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { count, counted } from '../../parts/format.ts'
import { RadioCards } from '../../parts/RadioCards.tsx'
import { Tag } from '../../parts/Tag.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { exportsStore, noteStarted } from '../../state/exports.ts'
import { phraseOf } from '../../state/filterWords.ts'
import { isDesktop } from '../../state/open.ts'
import { useCall } from '../../state/query.ts'
import { useSource } from '../../state/sources.ts'
import { singular, useMatching } from '../../state/useMatching.ts'
import { useScope } from '../../state/useScope.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import styles from './ExportDialog.module.css'
import { ExportJobs } from './ExportJobs.tsx'

type Rows = 'filtered' | 'selected' | 'whole'
type Columns = 'shown' | 'all'
const mostColumns = 10_000

export function ExportDialog() {
  const open = useWorkbench((s) => s.dialog === 'export')
  const source = useSource()
  return open && source ? <Body source={source} /> : null
}

function Body({ source }: { source: Source }) {
  const choice = useExportChoice(source)
  const { rows, setRows, columns, setColumns, name, setName, guard, setGuard, figures, records, mistake, busy, write } = choice
  const close = (): void => workbench.getState().setDialog(null)
  const noun = (n: number | null): string => (n === null ? records : `${count(n)} ${n === 1 ? singular(records) : records}`)
  return (
    <Dialog
      open
      onClose={close}
      icon={Download}
      title="Export as CSV"
      className={styles['dialog']}
      foot={
        <>
          <span className="grow">{mistake === null ? 'Written to a temporary file first, so that a stopped export leaves nothing half done.' : <span className="errc">{mistake}</span>}</span>
          <Button size="large" onClick={close}>
            Close
          </Button>
          <Button size="large" tone="primary" icon={Download} disabled={busy || figures.rows === 0 || figures.columns === 0} onClick={() => void write()}>
            {isDesktop() ? `Choose a file and write ${noun(figures.rows)}` : `Write and download ${noun(figures.rows)}`}
          </Button>
        </>
      }
    >
      <div className={styles['columns']}>
        <div className={styles['form']}>
          <section className={styles['part']}>
            <div className="row">
              <span className={styles['figure']}>{figures.rows === null ? '…' : count(figures.rows)}</span>
              <span className="t2 grow">
                of {count(figures.total)} {records}
              </span>
              <span className="f12 t2">{counted(figures.columns, 'column')}</span>
            </div>
            <ScopeTags />
            <RadioCards
              name="Which rows"
              value={rows}
              onChange={setRows}
              options={[
                { value: 'filtered', label: 'What is filtered', detail: figures.matching === null ? '' : count(figures.matching) },
                { value: 'selected', label: 'Selected', detail: count(figures.selected), disabled: figures.selected === 0 },
                { value: 'whole', label: 'Whole source', detail: count(figures.total) }
              ]}
            />
            {source.state !== 'ready' && <p className="f11 waitc">{source.state === 'reading' ? 'The source is still being read: the file will hold what is there when writing begins.' : 'The source was read in part: the file holds that part.'}</p>}
          </section>
          <section className={styles['part']}>
            <RadioCards
              name="Which columns"
              value={columns}
              onChange={setColumns}
              options={[
                { value: 'shown', label: 'Columns of the table, in its order', detail: figures.shownColumns === 0 ? '(open the table first)' : count(figures.shownColumns), disabled: figures.shownColumns === 0 },
                { value: 'all', label: 'All columns', detail: figures.allColumns === null ? '' : count(figures.allColumns) }
              ]}
            />
            <p className="f11 t3">Dotted names; lists and dicts as JSON in their cell; null stays empty, never 0. {figures.sort}</p>
          </section>
          <section className={styles['part']}>
            <div className="row">
              <label htmlFor="export-name" className="t2 f12">
                Name
              </label>
              <TextField id="export-name" name="File name" mono className="grow" value={name} onChange={setName} error={name.trim() === '' ? 'A file needs a name.' : /[/\\]/.test(name) ? 'A name, not a path.' : null} />
            </div>
            <p className="f11 t3">{isDesktop() ? 'Where to is asked next.' : 'Your browser downloads it when it is complete.'}</p>
            <Checkbox checked={guard} onChange={setGuard}>
              <span>
                Guard against formulas <span className="t3">puts ' before cells that a spreadsheet would run; changes those cells</span>
              </span>
            </Checkbox>
          </section>
        </div>
        <ExportJobs />
      </div>
    </Dialog>
  )
}

function ScopeTags() {
  const node = useWorkbench((s) => s.node)
  const chips = useWorkbench((s) => s.chips)
  const search = useWorkbench((s) => s.search)
  const range = useWorkbench((s) => s.range)
  const sort = useWorkbench((s) => s.tableSort)
  if (!node && chips.length === 0 && search === '' && !range && sort.length === 0) return null
  return (
    <div className={styles['tags']}>
      {node && (
        <Tag>
          <b className="med">{node.kind}</b> {node.name}
        </Tag>
      )}
      {chips.map((chip) => (
        <Tag key={chip.key} mono={chip.on} dashed={!chip.on}>
          {phraseOf(chip.filter)}
          {!chip.on && ', off'}
        </Tag>
      ))}
      {search !== '' && <Tag>text “{search}”</Tag>}
      {range && <Tag>time range</Tag>}
      {sort.map(({ column, descending }) => (
        <Tag key={column} mono>
          {column} {descending ? '↓' : '↑'}
        </Tag>
      ))}
    </div>
  )
}

function useExportChoice(source: Source) {
  const scope = useScope()
  const { records, matching, total } = useMatching()
  const selectedIds = useWorkbench((s) => s.selectedIds)
  const selection = useWorkbench((s) => s.selection)
  const tableColumns = useWorkbench((s) => s.tableColumns)
  const sort = useWorkbench((s) => s.tableSort)
  const ids = selectedIds.length > 0 ? selectedIds : selection ? [selection.id] : []
  const [rows, setRows] = useState<Rows>('filtered')
  const [columns, setColumns] = useState<Columns>(tableColumns.length > 0 ? 'shown' : 'all')
  const [name, setName] = useState(() => `${source.name.replace(/(\.jsonl)?(\.gz|\.zst)?$/i, '').replace(/[/\\:]/g, '_') || 'provscope'}-${records}.csv`)
  const [guard, setGuard] = useState(false)
  const [mistake, setMistake] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const all = useCall('columns.list', { sourceId: source.sourceId, records, limit: mostColumns })
  const figures = {
    matching,
    total,
    selected: ids.length,
    rows: rows === 'filtered' ? matching : rows === 'selected' ? ids.length : total,
    shownColumns: tableColumns.length,
    allColumns: all.data?.total ?? null,
    columns: columns === 'shown' ? tableColumns.length : (all.data?.total ?? 0),
    sort: sort.length > 0 ? 'In the order of the table.' : 'In the order of the source.'
  }
  const write = async (): Promise<void> => {
    setMistake(null)
    setBusy(true)
    const outcome = await begin({
      sourceId: source.sourceId,
      records,
      format: 'csv',
      scope: rows === 'filtered' ? scope : rows === 'whole' ? { filter: {}, search: '' } : { filter: { [idColumns[records]]: { $in: ids } }, search: '' },
      sort,
      columns: columns === 'shown' ? tableColumns : (await everyColumn(source.sourceId, records)),
      name: name.trim(),
      guardFormulas: guard
    })
    setBusy(false)
    if (outcome !== null) setMistake(outcome)
  }
  return { rows, setRows, columns, setColumns, name, setName, guard, setGuard, figures, records, mistake, busy: busy || name.trim() === '' || /[/\\]/.test(name), write }
}

const idColumns = { tasks: 'task_id', workflows: 'workflow_id', agents: 'agent_id', objects: 'object_id', messages: 'task_id' } as const

/** Asks for the place where there is a native dialog, and starts. Null: started, or the person cancelled. */
async function begin(params: Parameters<typeof call<'exports.start'>>[1]): Promise<string | null> {
  let handle: string | undefined
  if (isDesktop()) {
    const saved = await call('dialog.save', { name: params.name })
    if (!saved.ok) return saved.error.message
    if (saved.value.handle === null) return null
    handle = saved.value.handle
  }
  const reply = await call('exports.start', { ...params, ...(handle !== undefined && { handle }) })
  if (!reply.ok) return reply.error.message
  noteStarted(reply.value.exportId)
  const list = await call('exports.list', { limit: 50 })
  if (list.ok) exportsStore.setState({ jobs: list.value.exports })
  return null
}

async function everyColumn(sourceId: string, records: Parameters<typeof singular>[0]): Promise<string[]> {
  const names: string[] = []
  for (;;) {
    const reply = await call('columns.list', { sourceId, records, offset: names.length, limit: mostColumns })
    if (!reply.ok) return names
    names.push(...reply.value.columns.map((column) => column.name))
    if (reply.value.columns.length === 0 || names.length >= reply.value.total) return names
  }
}
