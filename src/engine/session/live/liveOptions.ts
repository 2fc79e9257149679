/** What a live source is opened with. */
import type { RecordingTargets, InserterSettings, StartRecording } from '#engine/inserter/recordingState'
import type { QueueAddress, StartIntake } from '#engine/sources/queue/intakeState'
import type { OpenReader } from '../load/openReader.ts'
import type { EntryChange, EntryRead } from '../openEntry.ts'
import type { Database } from '../table/database.ts'
import type { LiveEntry } from './liveEntry.ts'

export type RecordRole = {
  readonly targets: RecordingTargets
  /** For people: without passwords. */
  readonly asInserter: { readonly kvUrl: string; readonly bundleExecId: string | null } | null
  readonly settings: InserterSettings
}

export type LiveOptions = {
  readonly sourceId: string
  readonly address: QueueAddress
  readonly password: string | null
  /** Null: watch. */
  readonly record: RecordRole | null
  /** Where the frames are kept; removed when the source is closed unless it is a recording's. */
  readonly log: string
  readonly limitBytes: number
  /** Private to this source. */
  readonly folder: string
  readonly database: Database
  readonly openReader: OpenReader
  readonly startIntake: StartIntake
  readonly startRecording: StartRecording
  readonly onChange: EntryChange
  readonly onRead: EntryRead
  /** Everything that had arrived is shown, and nothing more will. */
  readonly onDetached: (entry: LiveEntry) => void
}
