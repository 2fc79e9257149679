/** The commands that show a run as a tree, its lineage, its critical path and what differs between two. */
import { compareCommand } from './compareCommand.ts'
import { criticalPathCommand } from './criticalPathCommand.ts'
import { lineageCommand } from './lineageCommand.ts'
import type { Session } from './openSession.ts'
import type { Output } from './output.ts'
import { treeCommand } from './treeCommand.ts'
import type { ViewCommands } from './viewCommandLine.ts'

export type ViewContext = {
  readonly output: Output
  readonly note: (text: string) => void
  /** Opens sources together as one, tells of what they rejected, and closes them. */
  readonly within: (sources: string[], use: (session: Session) => Promise<void>) => Promise<void>
  /** As `within`, but each source by itself, in the order named. */
  readonly withinEach: (sources: readonly string[], use: (sessions: Session[]) => Promise<void>) => Promise<void>
}

export function runViewCommands(context: ViewContext): ViewCommands {
  const { within } = context
  return {
    tree: (sources, flags) => within(sources, (session) => treeCommand(session, flags, context)),
    lineage: (sources, flags) => within(sources, (session) => lineageCommand(session, flags, context)),
    criticalPath: (sources, flags) => within(sources, (session) => criticalPathCommand(session, flags, context)),
    compare: (sources, flags) => compareCommand(sources, flags, context)
  }
}
