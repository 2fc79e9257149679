/** Telemetry of one task: start, end and difference of the counters and levels that people ask for first. */
import { ArrowRight } from 'lucide-react'
import type { ReactNode } from 'react'
import type { JsonObject } from '#contract/json'
import { decimal } from '../parts/format.ts'
import { Icon } from '../parts/Icon.tsx'
import { fieldOf, numberAt } from './fields.ts'
import { JsonTree } from './JsonTree.tsx'
import { Section } from './Section.tsx'
import css from './Inspector.module.css'

type Metric = { name: string; keys: string[]; unit: string; divisor: number; digits: number }
const gib = 2 ** 30
const mb = 1e6
const metrics: Metric[] = [
  { name: 'cpu user', keys: ['cpu', 'times_avg', 'user'], unit: 's', divisor: 1, digits: 2 },
  { name: 'cpu system', keys: ['cpu', 'times_avg', 'system'], unit: 's', divisor: 1, digits: 2 },
  { name: 'cpu', keys: ['cpu', 'percent_all'], unit: '%', divisor: 1, digits: 1 },
  { name: 'memory', keys: ['memory', 'virtual', 'used'], unit: 'GiB', divisor: gib, digits: 2 },
  { name: 'swap', keys: ['memory', 'swap', 'used'], unit: 'GiB', divisor: gib, digits: 2 },
  { name: 'process rss', keys: ['process', 'memory', 'rss'], unit: 'MB', divisor: mb, digits: 1 },
  { name: 'process cpu', keys: ['process', 'cpu_percent'], unit: '%', divisor: 1, digits: 1 },
  { name: 'disk read', keys: ['disk', 'io_sum', 'read_bytes'], unit: 'MB', divisor: mb, digits: 2 },
  { name: 'disk write', keys: ['disk', 'io_sum', 'write_bytes'], unit: 'MB', divisor: mb, digits: 2 },
  { name: 'net sent', keys: ['network', 'netio_sum', 'bytes_sent'], unit: 'MB', divisor: mb, digits: 2 },
  { name: 'net received', keys: ['network', 'netio_sum', 'bytes_recv'], unit: 'MB', divisor: mb, digits: 2 }
]

export function TelemetrySection({ document }: { document: JsonObject }): ReactNode {
  const start = snapshotOf(document, 'telemetry_at_start')
  const end = snapshotOf(document, 'telemetry_at_end')
  if (!start && !end) return null
  const rows = metrics.flatMap((metric) => {
    const from = start ? numberAt(start, metric.keys) : null
    const to = end ? numberAt(end, metric.keys) : null
    return from === null && to === null ? [] : [{ metric, from, to }]
  })
  const which = start && end ? 'start → end' : start ? 'at start only' : 'at end only'
  return (
    <Section id="telemetry" title="Telemetry" figure={which}>
      <div className={css['metrics']}>
        {rows.map(({ metric, from, to }) => (
          <div key={metric.name} className={css['metric']} title={`telemetry_at_*.${metric.keys.join('.')}`}>
            <span className="t2 ell">{metric.name}</span>
            <Figure value={from} metric={metric} />
            <Icon of={ArrowRight} size={12} className="t3" />
            <Figure value={to} metric={metric} />
            <span className="num med">{from === null || to === null ? '' : signed((to - from) / metric.divisor, metric.digits)}</span>
            <span className="t3 f11">{metric.unit}</span>
          </div>
        ))}
      </div>
      {start && (
        <Section id="telemetry.start" title="All at start" startClosed>
          <JsonTree value={start} units={null} path="telemetry_at_start" />
        </Section>
      )}
      {end && (
        <Section id="telemetry.end" title="All at end" startClosed>
          <JsonTree value={end} units={null} path="telemetry_at_end" />
        </Section>
      )}
    </Section>
  )
}

function Figure({ value, metric }: { value: number | null; metric: Metric }): ReactNode {
  return <span className="num t3 f11">{value === null ? <span className="null">null</span> : fixed(value / metric.divisor, metric.digits)}</span>
}

const fixed = (value: number, digits: number): string => {
  const text = decimal(Number(value.toFixed(digits)), digits)
  const missing = digits - (text.split('.')[1]?.length ?? 0)
  return missing > 0 ? `${text}${text.includes('.') ? '' : '.'}${'0'.repeat(missing)}` : text
}
const signed = (value: number, digits: number): string => (value > 0 ? `+${fixed(value, digits)}` : fixed(value, digits))

function snapshotOf(document: JsonObject, key: string): JsonObject | null {
  const value = fieldOf(document, key)
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0 ? value : null
}
