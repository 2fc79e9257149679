/** CSV of what is shown: which rows, which columns, to where; and the exports of this session. */
import { Download } from 'lucide-react'
import type { Source } from '#contract/sources'
import { Button } from '../../parts/Button.tsx'
import { Checkbox } from '../../parts/Checkbox.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { count, counted } from '../../parts/format.ts'
import { GapMark } from '../../parts/GapHatch.tsx'
import { RadioCards } from '../../parts/RadioCards.tsx'
import { Tag } from '../../parts/Tag.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { phraseOf } from '../../state/filterWords.ts'
import { isDesktop } from '../../state/open.ts'
import { useSource } from '../../state/sources.ts'
import { singular } from '../../state/useMatching.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import styles from './ExportDialog.module.css'
import { ExportJobs } from './ExportJobs.tsx'
import { useExportChoice } from './useExportChoice.ts'

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
            {source.live && source.live.gapCount > 0 && (
              <p className="row f11 waitc">
                <GapMark />
                {counted(source.live.gapCount, 'gap')}: stamped into the export, beside it.
              </p>
            )}
            {source.live && source.live.link.name !== 'detached' && <p className="f11 waitc">Messages go on arriving: the file will hold what is {source.live.pausedAt === null ? 'there' : 'shown'} when writing begins.</p>}
            {source.state !== 'ready' && !source.live && <p className="f11 waitc">{source.state === 'reading' ? 'The source is still being read: the file will hold what is there when writing begins.' : 'The source was read in part: the file holds that part.'}</p>}
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
