/** When a watch fires, as a sentence with fields in it. */
import type { WatchCondition } from '#contract/watches'
import { SelectField } from '../../parts/SelectField.tsx'
import { SuggestField } from '../../parts/SuggestField.tsx'
import { useCall } from '../../state/query.ts'
import { useSource } from '../../state/sources.ts'
import { NumberField } from './NumberField.tsx'

type Kind = WatchCondition['kind']
const kinds: { value: Kind; label: string }[] = [
  { value: 'any', label: 'any task matches' },
  { value: 'count', label: 'their number' },
  { value: 'share', label: 'their share is above' },
  { value: 'stalled', label: 'nothing of them arrives for' },
  { value: 'metric', label: 'of a number of theirs,' }
]
const fresh: Record<Kind, WatchCondition> = {
  any: { kind: 'any' },
  count: { kind: 'count', than: 'above', tasks: 10 },
  share: { kind: 'share', above: 0.05 },
  stalled: { kind: 'stalled', seconds: 300 },
  metric: { kind: 'metric', column: '', of: 'latest', than: 'above', value: 0 }
}
const thans = [
  { value: 'above', label: 'is above' },
  { value: 'below', label: 'is below' }
] as const
const aggregates = [
  { value: 'latest', label: 'the latest' },
  { value: 'mean', label: 'the mean' },
  { value: 'max', label: 'the greatest' },
  { value: 'min', label: 'the least' }
] as const

export function WatchConditionFields({ condition, onChange }: { condition: WatchCondition; onChange: (condition: WatchCondition) => void }) {
  return (
    <>
      <SelectField name="Condition" value={condition.kind} options={kinds} onChange={(kind) => onChange(fresh[kind])} />
      {condition.kind === 'count' && (
        <>
          <SelectField name="Than" value={condition.than} options={[...thans]} onChange={(than) => onChange({ ...condition, than })} />
          <NumberField name="Number of tasks" value={condition.tasks} onChange={(tasks) => onChange({ ...condition, tasks })} />
        </>
      )}
      {condition.kind === 'share' && <NumberField name="Share in percent" value={Number((condition.above * 100).toPrecision(12))} unit="%" onChange={(percent) => onChange({ ...condition, above: percent / 100 })} />}
      {condition.kind === 'stalled' && <NumberField name="Minutes without any" value={Number((condition.seconds / 60).toPrecision(6))} unit="min" onChange={(minutes) => onChange({ ...condition, seconds: minutes * 60 })} />}
      {condition.kind === 'metric' && (
        <>
          <SelectField name="Which number" value={condition.of} options={[...aggregates]} onChange={(of) => onChange({ ...condition, of })} />
          <ColumnField value={condition.column} onChange={(column) => onChange({ ...condition, column })} />
          <SelectField name="Than" value={condition.than} options={[...thans]} onChange={(than) => onChange({ ...condition, than })} />
          <NumberField name="Limit" value={condition.value} onChange={(value) => onChange({ ...condition, value })} />
        </>
      )}
    </>
  )
}

function ColumnField({ value, onChange }: { value: string; onChange: (column: string) => void }) {
  const source = useSource()
  const columns = useCall('columns.list', source ? { sourceId: source.sourceId, records: 'tasks', search: value, limit: 20 } : null).data?.columns ?? []
  const numbers = columns.filter(({ type, name }) => (type === 'integer' || type === 'number' || type === 'mixed') && name !== value)
  return <SuggestField mono name="Column" value={value} onChange={onChange} onPick={onChange} placeholder="generated.loss" suggestions={numbers.map(({ name }) => ({ key: name, label: <span className="mono">{name}</span> }))} />
}
