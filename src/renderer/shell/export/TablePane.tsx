/** How a table is written: its columns, its file, and what a spreadsheet must not run. */
import { Checkbox } from '../../parts/Checkbox.tsx'
import { count } from '../../parts/format.ts'
import { RadioCards } from '../../parts/RadioCards.tsx'
import { hasCells } from '../../state/exportChoice.ts'
import css from './ExportDialog.module.css'
import { shapeWords } from './exportWords.ts'
import { FileNameField } from './FileNameField.tsx'
import type { ExportState } from './useExportChoice.ts'
import type { ExportFigures } from './useExportFigures.ts'
import type { FileRun } from './useFileRun.ts'

export function TablePane({ state: { choice, change, view, setName }, figures: { shownColumns, allColumns }, file }: { state: ExportState; figures: ExportFigures; file: FileRun }) {
  const sorted = choice.to !== 'jsonl' && view.sort.length > 0
  return (
    <section className={css['part']} aria-label="Table">
      {choice.to !== 'jsonl' && (
        <RadioCards
          name="Which columns"
          value={shownColumns === 0 ? 'all' : choice.columns}
          onChange={(columns) => change({ columns })}
          options={[
            { value: 'shown', label: 'Columns of the table, in its order', detail: shownColumns === 0 ? '(open the table first)' : count(shownColumns), disabled: shownColumns === 0 },
            { value: 'all', label: 'All columns', detail: allColumns === null ? '' : count(allColumns) }
          ]}
        />
      )}
      <FileNameField file={file} onName={setName} />
      <p className="f11 t3">
        {shapeWords(choice.to)} {sorted ? 'In the order of the table.' : 'In the order of the source.'}
      </p>
      {hasCells(choice.to) && (
        <Checkbox checked={choice.guard} onChange={(guard) => change({ guard })}>
          <span>
            Guard against formulas <span className="t3">puts ' before cells that a spreadsheet would run; changes those cells</span>
          </span>
        </Checkbox>
      )}
    </section>
  )
}
