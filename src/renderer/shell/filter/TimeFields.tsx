/** A time range by two fields: dates and times in the zone shown, or seconds since 1970. */
import { useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { counted, dateTime } from '../../parts/format.ts'
import { TextField } from '../../parts/TextField.tsx'
import { useZone } from '../../state/appearance.ts'
import { parseTime } from '../../state/filterValue.ts'
import type { Range } from '../../state/scope.ts'
import styles from './FilterBar.module.css'

/** @param onDone with a range, with null to take it away, with undefined to leave it */
export function TimeFields({ whole, range, untimed, onDone }: { whole: Range; range: Range | null; untimed: number; onDone: (range: Range | null | undefined) => void }) {
  const zone = useZone()
  const start = range ?? whole
  const [from, setFrom] = useState(dateTime(start.from, zone, 3))
  const [to, setTo] = useState(dateTime(start.to, zone, 3))
  const [tried, setTried] = useState(false)
  const [low, high] = [parseTime(from.trim(), zone), parseTime(to.trim(), zone)]
  const wrong = 'A time such as 2026-07-20 22:26:31, or seconds since 1970.'
  const apply = (): void => {
    setTried(true)
    // What is shown has milliseconds only: an untouched end keeps its exact time.
    if (low !== null && high !== null && low <= high) onDone({ from: from === dateTime(start.from, zone, 3) ? start.from : low, to: to === dateTime(start.to, zone, 3) ? start.to : high })
  }
  const order = tried && low !== null && high !== null && low > high ? 'It ends before it begins.' : null
  return (
    <form
      className="col"
      onSubmit={(event) => {
        event.preventDefault()
        apply()
      }}
    >
      <div className={styles['timesRow']}>
        <label htmlFor="time-from">From</label>
        <TextField id="time-from" autoFocus name={`From, ${zone === 'utc' ? 'UTC' : 'local time'}`} mono value={from} onChange={setFrom} error={tried && low === null ? wrong : null} />
        <label htmlFor="time-to">To</label>
        <TextField id="time-to" name={`To, ${zone === 'utc' ? 'UTC' : 'local time'}`} mono value={to} onChange={setTo} error={tried && high === null ? wrong : order} />
      </div>
      <p className="f11 t3" style={{ marginTop: 8 }}>
        By started_at, in {zone === 'utc' ? 'UTC' : 'local time'}.{untimed > 0 && ` ${counted(untimed, 'task')} without a start ${untimed === 1 ? 'is' : 'are'} left out by any range.`}
      </p>
      <div className={styles['foot']}>
        {range && (
          <Button tone="link" onClick={() => onDone(null)}>
            All times
          </Button>
        )}
        <span className="grow" />
        <Button onClick={() => onDone(undefined)}>Cancel</Button>
        <Button tone="primary" type="submit">
          Show this range
        </Button>
      </div>
    </form>
  )
}
