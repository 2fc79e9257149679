/** Every number that tasks captured, by prefix: which are drawn over time, and whose distribution is shown. */
import { ChevronDown, ChevronRight, Search } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import type { Result } from '#contract/methods'
import type { Metric, MetricStats } from '#contract/telemetry'
import type { Scope } from '#contract/values'
import { Checkbox } from '../../parts/Checkbox.tsx'
import { classes } from '../../parts/classes.ts'
import { count } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { useCall } from '../../state/query.ts'
import { type Entry, type Group, metricTree } from './metricTree.ts'
import { fullName } from './metricWords.ts'
import css from './Telemetry.module.css'

type Listed = Result<'telemetry.metrics'>
/** As many as one question may be about. */
const mostStats = 400

export function MetricPanel({ listed, sourceId, scope, search, onSearch, chosen, most, onChosen, spread, onSpread }: { listed: Listed; sourceId: string; scope: Scope; search: string; onSearch: (search: string) => void; /** Ids, in the order of the rows. */ chosen: string[]; most: number; onChosen: (ids: string[]) => void; spread: string | null; onSpread: (metric: Metric) => void }): ReactNode {
  const [opened, setOpened] = useState<Readonly<Record<string, boolean>>>({})
  const groups = useMemo(() => metricTree(listed.metrics, listed.prefixes, { opened, search, chosen }), [listed, opened, search, chosen])
  const shown = groups.flatMap(({ entries }) => entries.flatMap((entry) => (entry.kind === 'metric' ? [entry.metric.id] : []))).slice(0, mostStats)
  const { data } = useCall('telemetry.stats', shown.length === 0 ? null : { sourceId, scope, metrics: shown })
  const stats = new Map(data?.metrics.map((row) => [row.id, row]))
  const toggle = (id: string, on: boolean): void => onChosen(on ? [...chosen, id] : chosen.filter((other) => other !== id))
  const row = (entry: Entry): ReactNode =>
    entry.kind === 'list' ? (
      <li key={entry.key} className={css['entry']}>
        <button type="button" className={css['listButton']} aria-expanded={entry.open} onClick={() => setOpened({ ...opened, [entry.key]: !entry.open })}>
          <Icon of={entry.open ? ChevronDown : ChevronRight} size={12} className="t3" />
          <span className="mono f11 ell grow">{entry.name}</span>
          <span className="t3">{entry.elements}</span>
        </button>
      </li>
    ) : (
      <MetricRow key={entry.metric.id} metric={entry.metric} name={entry.name} stats={stats.get(entry.metric.id)} on={chosen.includes(entry.metric.id)} full={chosen.length >= most} shown={spread === entry.metric.id} onToggle={toggle} onShow={onSpread} />
    )
  const section = (group: Group): ReactNode => (
    <section key={group.prefix} aria-label={group.prefix === '' ? 'Computed' : group.prefix}>
      <button type="button" className={css['prefix']} aria-expanded={group.open} onClick={() => setOpened({ ...opened, [group.prefix]: !group.open })}>
        <Icon of={group.open ? ChevronDown : ChevronRight} size={12} className="t3" />
        <span className="mono grow">{group.prefix === '' ? 'computed' : group.prefix}</span>
        <span className="t3">{count(group.count)}</span>
      </button>
      {group.open && (
        <ul>
          {group.count === 0 && (
            <li className={css['entry']}>
              <Checkbox checked={false} disabled onChange={() => undefined} className={css['entryLabel']}>
                <span className="f11 grow">not captured</span>
              </Checkbox>
              <span className="null">null</span>
            </li>
          )}
          {group.entries.map(row)}
          {group.more > 0 && <li className={css['entryNote']}>{count(group.more)} more; search for them</li>}
        </ul>
      )}
    </section>
  )
  const [ofTelemetry, others] = [groups.filter(({ telemetry }) => telemetry), groups.filter(({ telemetry }) => !telemetry)]
  return (
    <aside className={css['panel']} aria-label="Metrics">
      <h2 className={css['panelHead']}>
        Metrics{' '}
        <span className={css['note']}>
          {chosen.length} of {count(listed.all)} numbers
        </span>
      </h2>
      <TextField name="Find a metric" placeholder="Field or prefix" icon={Search} value={search} onChange={onSearch} className={css['find'] ?? ''} />
      <div className={css['groups']} tabIndex={0} role="group" aria-label="Numbers by prefix">
        {ofTelemetry.length > 0 && <p className={css['kind']}>telemetry_at_start / _at_end.</p>}
        {ofTelemetry.map(section)}
        {others.length > 0 && <p className={css['kind']}>Any other number in a task</p>}
        {others.map(section)}
        {groups.length === 0 && <p className={css['kind']}>No number has “{search}” in its name.</p>}
        {listed.metrics.length < listed.total && <p className={css['kind']}>The first {count(listed.metrics.length)} of {count(listed.total)} numbers are listed.</p>}
      </div>
      <p className={css['panelFoot']}>
        Counters such as <span className="mono f11">write_bytes</span> are drawn as rates; <span className="mono f11">const</span> fields do not vary here. A name shows its distribution.
      </p>
    </aside>
  )
}

type RowProps = { metric: Metric; name: string; stats: MetricStats | undefined; on: boolean; full: boolean; shown: boolean; onToggle: (id: string, on: boolean) => void; onShow: (metric: Metric) => void }

function MetricRow({ metric, name, stats, on, full, shown, onToggle, onShow }: RowProps): ReactNode {
  const isMissing = stats?.tasks === 0 && stats.both === 0
  return (
    <li className={classes(css['entry'], shown && css['shown'])}>
      <Checkbox name={`Draw ${fullName(metric)} over time`} checked={on} disabled={full && !on} onChange={(next) => onToggle(metric.id, next)} />
      <button type="button" className={css['entryName']} aria-pressed={shown} aria-label={`Distribution of ${fullName(metric)}`} title={`${fullName(metric)}${stats ? `: ${count(stats.tasks)} tasks` : ''}${metric.telemetry && stats ? `, ${count(stats.both)} with both snapshots` : ''}`} onClick={() => onShow(metric)}>
        <span className="mono f11 ell">{name}</span>
      </button>
      {isMissing ? <span className="null">null</span> : stats?.constant ? <span className="t3 f11">const</span> : metric.name.endsWith('*') ? <span className="t3 f11">sum</span> : null}
    </li>
  )
}
