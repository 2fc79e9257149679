/** A condition on a column of the sweep: column, operator, value in the column's unit. */
import { type FormEvent, type ReactNode, useState } from 'react'
import type { Condition, SweepColumn } from '#contract/compare'
import { Button } from '../../parts/Button.tsx'
import { SelectField } from '../../parts/SelectField.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { PickField } from './PickField.tsx'
import css from './Sweep.module.css'
import { columnOptions, scaleOf, signOf } from './sweepModel.ts'
import { numberText } from './valueText.ts'

const operators: Condition['op'][] = ['<=', '>=', '<', '>', '=', 'between']

export function ConditionForm({ columns, initial, onDone }: { columns: readonly SweepColumn[]; initial: Condition | null; onDone: (condition: Condition) => void }): ReactNode {
  const [column, setColumn] = useState(initial?.column ?? columns.find(({ role }) => role === 'result')?.name ?? columns[0]?.name ?? '')
  const [op, setOp] = useState<Condition['op']>(initial?.op ?? '<=')
  const about = columns.find(({ name }) => name === column)
  const scale = scaleOf(about)
  const typed = (value: number | undefined): string => (value === undefined ? '' : String(Number((value * scale.factor).toPrecision(12))))
  const [value, setValue] = useState(typed(initial?.value))
  const [upTo, setUpTo] = useState(typed(initial?.upTo))
  const [tried, setTried] = useState(false)
  const read = parseNumber(value)
  const readUpTo = parseNumber(upTo)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (column === '' || read === null || (op === 'between' && readUpTo === null)) return
    const [low, high] = op === 'between' && readUpTo !== null && readUpTo < read ? [readUpTo, read] : [read, readUpTo]
    onDone({ column, op, value: low / scale.factor, ...(op === 'between' && high !== null && { upTo: high / scale.factor }) })
  }
  const wrong = (parsed: number | null): string | null => (tried && parsed === null ? 'A number such as 0.1 or 1e-5.' : null)
  return (
    <form className={css['form']} onSubmit={submit}>
      <PickField name="Column" value={column} options={columnOptions(columns)} onChange={setColumn} className={css['formPick']} />
      <div className={css['formRow']}>
        <SelectField name="Operator" value={op} options={operators.map((known) => ({ value: known, label: known === 'between' ? 'between' : signOf(known) }))} onChange={setOp} />
        <TextField name="Value" mono autoFocus value={value} onChange={setValue} error={wrong(read)} className={css['formField']} />
        {op === 'between' && <TextField name="Up to" mono value={upTo} onChange={setUpTo} error={wrong(readUpTo)} className={css['formField']} />}
        {scale.unit !== '' && <span className="t2">{scale.unit}</span>}
      </div>
      {about?.min != null && about.max !== null && (
        <p className="f11 t3">
          {numberText(Number((about.min * scale.factor).toPrecision(5)))} – {numberText(Number((about.max * scale.factor).toPrecision(5)))} {scale.unit}, {about.filled} have one
        </p>
      )}
      <div className={css['formFoot']}>
        <Button type="submit" size="small" tone="primary">
          {initial ? 'Change condition' : 'Add condition'}
        </Button>
      </div>
    </form>
  )
}

/** A typed number; real minus signs and thousands separators are as good as plain ones. */
export function parseNumber(text: string): number | null {
  const plain = text.trim().replaceAll('−', '-').replaceAll(',', '')
  const value = Number(plain)
  return plain === '' || !Number.isFinite(value) ? null : value
}
