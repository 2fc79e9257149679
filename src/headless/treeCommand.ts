/** `provscope tree`. */
import { Refusal } from '#contract/reply'
import type { Session } from './openSession.ts'
import type { Output } from './output.ts'
import type { TreeFlags } from './viewCommandLine.ts'

export async function treeCommand(_session: Session, _flags: TreeFlags, _to: { output: Output; note: (text: string) => void }): Promise<void> {
  throw new Refusal('unavailable', 'This is being built.')
}
