/** Chooses one of many numbers, by typing a part of its name. */
import { ChevronDown } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { Metric } from '#contract/telemetry'
import { Icon } from '../../parts/Icon.tsx'
import { Popover } from '../../parts/Popover.tsx'
import { SuggestField } from '../../parts/SuggestField.tsx'
import { fullName } from './metricWords.ts'
import css from './Telemetry.module.css'

const listed = 60

export function MetricField({ name, metrics, value, first, onChange }: { name: string; metrics: readonly Metric[]; /** What stands on the button. */ value: string; /** Choices before the metrics. */ first?: { key: string; label: string }[]; onChange: (id: string) => void }): ReactNode {
  const [open, setOpen] = useState(false)
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const all = [...(first ?? []), ...metrics.map((metric) => ({ key: metric.id, label: fullName(metric) }))]
  const matching = all.filter(({ label }) => label.toLowerCase().includes(wanted))
  const take = (key: string): void => {
    setOpen(false)
    setText('')
    onChange(key)
  }
  return (
    <Popover
      name={name}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <button type="button" title={value} className={css['metricButton']} aria-label={`${name}: ${value}`}>
          <span className="mono f11 ell">{value}</span>
          <Icon of={ChevronDown} size={12} className="t3" />
        </button>
      }
    >
      <div className={css['metricChoice']}>
        <SuggestField inline firstMarked name={name} placeholder="Part of a name" value={text} onChange={setText} suggestions={matching.slice(0, listed).map(({ key, label }) => ({ key, label: <span className="mono f11">{label}</span> }))} onPick={take} note={matching.length > listed ? `${listed} of ${matching.length}; type more of the name` : `${matching.length} numbers`} />
      </div>
    </Popover>
  )
}
