/** `provscope lineage`. */
import { Refusal } from '#contract/reply'
import type { Session } from './openSession.ts'
import type { Output } from './output.ts'
import type { LineageFlags } from './viewCommandLine.ts'

export async function lineageCommand(_session: Session, _flags: LineageFlags, _to: { output: Output; note: (text: string) => void }): Promise<void> {
  throw new Refusal('unavailable', 'This is being built.')
}
