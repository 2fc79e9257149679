/** The mark colour of a status. */
import type { Cell } from '#contract/values'

const fills: Record<string, string> = {
  FINISHED: 'var(--ok-fill)',
  ERROR: 'var(--err-fill)',
  RUNNING: 'var(--run-fill)',
  WAITING: 'var(--wait-fill)',
  SUBMITTED: 'var(--sub-fill)'
}

export const statusFill = (status: Cell): string => (typeof status === 'string' && fills[status]) || 'var(--unk-fill)'
