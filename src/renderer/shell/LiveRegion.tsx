/** The one polite live region. */
import { live } from '../state/live.ts'

export function LiveRegion() {
  const text = live((s) => s.text)
  return (
    <div className="hidden" aria-live="polite" data-testid="live">
      {text}
    </div>
  )
}
