/** When it ran, how long, and how that compares with the other tasks of its activity. */
import type { ReactNode } from 'react'
import type { JsonObject } from '#contract/json'
import type { Result } from '#contract/methods'
import { clock, counted, date, dateTime, seconds, zoneName } from '../parts/format.ts'
import { useZone } from '../state/appearance.ts'
import { numberOf } from './fields.ts'
import { KeyValue, Section } from './Section.tsx'
import css from './Inspector.module.css'

type Duration = Result<'records.get'>['duration']

export function TimeSection({ document, duration }: { document: JsonObject; duration: Duration }): ReactNode {
  const zone = useZone()
  const start = numberOf(document, 'started_at')
  const end = numberOf(document, 'ended_at')
  const submitted = numberOf(document, 'submitted_at')
  const day = start ?? submitted ?? end
  if (day === null) return null
  const oneDay = (time: number): boolean => date(time, zone) === date(day, zone)
  const show = (time: number): string => (oneDay(time) ? clock(time, zone, 3) : dateTime(time, zone, 3))
  return (
    <Section id="time" title="Time" aside={<span className="f11 t3">{`${date(day, zone)}, ${zoneName(zone, day)}`}</span>}>
      {submitted !== null && (
        <KeyValue name="submitted">
          <span title={String(submitted)}>{show(submitted)}</span>
          {start !== null && start >= submitted && <span className={css['unit']}>waited {seconds(start - submitted)}</span>}
        </KeyValue>
      )}
      <KeyValue name="start, end">
        <span title={`${start ?? 'null'} → ${end ?? 'null'}`}>
          {start === null ? <span className="null">null</span> : show(start)} → {end === null ? <span className="null">null</span> : show(end)}
        </span>
      </KeyValue>
      <KeyValue name="duration">
        {start === null || end === null ? (
          <span className="null">null</span>
        ) : (
          <span className={end < start ? 'errc' : undefined} title={end < start ? 'It ended before it started, by its own clock.' : String(end - start)}>
            {seconds(end - start)}
          </span>
        )}
        {duration && start !== null && end !== null && <Box value={end - start} duration={duration} />}
      </KeyValue>
    </Section>
  )
}

const widthPx = 84

/** p5–p95 as a line, p25–p75 as a box, the median and this task as strokes. */
function Box({ value, duration }: { value: number; duration: NonNullable<Duration> }): ReactNode {
  const [p5 = 0, p25 = 0, p50 = 0, p75 = 0, p95 = 0] = duration.quantiles
  const low = Math.min(p5, value)
  const high = Math.max(p95, value)
  if (!(high > low)) return null
  const x = (seconds: number): number => 1 + ((seconds - low) / (high - low)) * (widthPx - 2)
  const rank = `p${Math.round(duration.percentile * 100)}`
  return (
    <>
      <svg width={widthPx} height="12" role="img" aria-label={`${rank} of ${counted(duration.tasks, 'task')} of this activity`} className={css['box']}>
        <path d={`M${x(p5)} 6H${x(p95)}`} className={css['whisker']} />
        <rect x={x(p25)} y="2" width={Math.max(1, x(p75) - x(p25))} height="8" rx="1" className={css['quartiles']} />
        <path d={`M${x(p50)} 2V10`} className={css['median']} />
        <path d={`M${x(value)} 0V12`} className={css['mine']} />
      </svg>
      <span className={css['unit']} title={`Longer than or as long as ${Math.round(duration.percentile * 100)} % of ${counted(duration.tasks, 'task')} of this activity`}>
        {rank}
      </span>
    </>
  )
}
