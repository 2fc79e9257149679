/** `provscope compare`. */
import { Refusal } from '#contract/reply'
import type { ViewContext } from './runViewCommands.ts'
import type { CompareFlags } from './viewCommandLine.ts'

export async function compareCommand(_sources: readonly string[], _flags: CompareFlags, _context: ViewContext): Promise<void> {
  throw new Refusal('unavailable', 'This is being built.')
}
