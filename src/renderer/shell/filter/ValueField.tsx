/** The value of a condition, completed by the values that the column has in what is shown now. */
import { cellOperand } from '#contract/cellOperand'
import { Check } from 'lucide-react'
import { useDeferredValue, useMemo } from 'react'
import type { Column } from '#contract/tables'
import { clock, count, date } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { SuggestField } from '../../parts/SuggestField.tsx'
import { useZone } from '../../state/appearance.ts'
import { textOfCell } from '../../state/filterValue.ts'
import { useCall } from '../../state/query.ts'
import { useWorkbench } from '../../state/workbench.ts'

export function ValueField({
  column,
  type,
  text,
  onText,
  mistake,
  picked,
  pickable,
  onPick,
  onEnter
}: {
  column: string
  type: Column['type']
  text: string
  onText: (text: string) => void
  mistake: string | null
  picked: unknown[]
  /** Whether a whole value is wanted; else the values there are would mislead. */
  pickable: boolean
  onPick: (value: unknown) => void
  onEnter: () => void
}) {
  const sourceId = useWorkbench((s) => s.sourceId)
  const records = useWorkbench((s) => s.records)
  const zone = useZone()
  const typed = useDeferredValue(text)
  const { data } = useCall('columns.values', sourceId === null || !pickable ? null : { sourceId, records, column, text: type === 'time' ? '' : typed, limit: 50 })
  const values = useMemo(() => (data?.values ?? []).flatMap(({ value, count: n }, index) => (value === null ? [] : [{ key: String(index), cell: value, n, value: cellOperand(value) }])), [data])
  const isPicked = (value: { value: unknown } | null): boolean => value !== null && picked.some((other) => JSON.stringify(other) === JSON.stringify(value.value))
  return (
    <SuggestField
      inline
      autoFocus
      mono
      name={`Value of ${column}`}
      placeholder={type === 'time' ? '2026-07-20 22:26:31' : type === 'number' || type === 'integer' ? 'Number' : 'Value'}
      value={text}
      error={mistake}
      onChange={onText}
      onEnter={onEnter}
      suggestions={
        pickable
          ? values.map(({ key, cell, n, value }) => ({
              key,
              label: (
                <span className="mono row">
                  {isPicked(value) && <Icon of={Check} size={12} className="acc" />}
                  {type === 'time' && typeof cell === 'number' ? `${date(cell, zone)} ${clock(cell, zone, 3)}` : textOfCell(cell)}
                </span>
              ),
              detail: count(n)
            }))
          : []
      }
      note={pickable && data ? (data.distinct === 0 ? 'No such value.' : `${count(data.distinct)} distinct values`) : undefined}
      onPick={(key) => {
        const picked = values.find((value) => value.key === key)
        if (!picked) return
        // Only the head of a long value is here: it goes to the field, to be asked for by its beginning.
        if (picked.value === null) onText(textOfCell(picked.cell).replace(/…$/, ''))
        else onPick(picked.value.value)
      }}
    />
  )
}
