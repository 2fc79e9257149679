/** At the end of the tab row: what a column of the small multiples is, and the table instead of them. */
import { Table2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from '../../parts/IconButton.tsx'
import { Segmented } from '../../parts/Segmented.tsx'
import { useTelemetryOptions } from '../../state/telemetry.ts'
import css from './Telemetry.module.css'

export function TelemetryTools(): ReactNode {
  const [{ asTable, by }, change] = useTelemetryOptions()
  return (
    <>
      <span className={css['toolWords']}>Small multiples by</span>
      <Segmented
        name="Small multiples by"
        value={by}
        options={[
          { value: 'host', label: 'Host' },
          { value: 'activity', label: 'Activity' }
        ]}
        onChange={(next) => change({ by: next })}
      />
      <IconButton small name={asTable ? 'Show as small multiples' : 'Show as table'} icon={Table2} pressed={asTable} onClick={() => change({ asTable: !asTable })} />
    </>
  )
}
