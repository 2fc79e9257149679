/** `provscope critical-path`. */
import { Refusal } from '#contract/reply'
import type { Session } from './openSession.ts'
import type { Output } from './output.ts'
import type { CriticalPathFlags } from './viewCommandLine.ts'

export async function criticalPathCommand(_session: Session, _flags: CriticalPathFlags, _to: { output: Output; note: (text: string) => void }): Promise<void> {
  throw new Refusal('unavailable', 'This is being built.')
}
