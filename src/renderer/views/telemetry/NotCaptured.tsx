/** In place of a chart: that nobody captured it, and what the workflows' settings said. Nought per cent would be a line. */
import type { ReactNode } from 'react'
import type { Result } from '#contract/methods'
import css from './Telemetry.module.css'

export function NotCaptured({ prefix, listed }: { prefix: string; listed: Result<'telemetry.metrics'> }): ReactNode {
  const said = listed.capture.filter((row) => row.prefix === prefix)
  return (
    <span className={css['notCaptured']}>
      <span className="null">null</span>
      <span className="ell">
        No task in this scope recorded <span className="mono f11">{prefix}*</span>.
        {said.length > 0 && (
          <>
            {' '}
            {said.reduce((sum, row) => sum + row.workflows, 0) === 1 ? 'Its workflow' : 'Their workflows'} ran with <span className="mono f11">{said.map(({ setting, value }) => `telemetry_capture.${setting}: ${value}`).join(', ')}</span>; 0 would be drawn as a line.
          </>
        )}
      </span>
    </span>
  )
}
