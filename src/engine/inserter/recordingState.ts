/** What a recording is told and what it tells: messages of a frame log, taken to stores by a DocumentInserter. */
import type { TagRules } from '#engine/records/criticalTags'
import type { StoreState } from '#engine/stores/store'

export type RecordingTargets = {
  /** A folder; made if it is missing. */
  readonly lmdb: string | null
  /** With its password. */
  readonly mongodb: string | null
  /** A buffer file, appended to. */
  readonly jsonl: string | null
}

export type RecordingSpec = {
  /** Of the frame log (see sources/queue/frames.ts); one cursor a store. */
  readonly folder: string
  readonly targets: RecordingTargets
  /** Answers control messages in this key-value store (a Redis URL with its password); null: does not touch it. */
  readonly asInserter: { readonly kvUrl: string; readonly bundleExecId: string | null } | null
  readonly settings: InserterSettings
  /** Of the frame log; a store that is away lets go of its frames before this is reached, if another can make up for it. */
  readonly logLimitBytes?: number
}

/** Flowcept's own keys, with its defaults. */
export type InserterSettings = {
  /** db_buffer.insertion_buffer_time_secs */
  readonly bufferTimeSeconds: number
  /** db_buffer.buffer_size; messages */
  readonly bufferSize: number
  /** db_buffer.remove_empty_fields */
  readonly removeEmptyFields: boolean
  /** project.enrich_messages */
  readonly enrichMessages: boolean
  /** db_buffer.stop_max_trials, db_buffer.stop_trials_sleep: how long a safe stop waits for producers. */
  readonly stopMaxTrials: number
  readonly stopTrialsSleepSeconds: number
  /** sys_metadata: what enriching says of the host where the inserter runs; the system's own where null or missing. */
  readonly host?: { readonly [name in 'node_name' | 'login_name' | 'public_ip' | 'private_ip']?: string | null }
  /** Thresholds of critical tags; Flowcept's unless told. */
  readonly tags?: TagRules
}

export type StoreProgress = {
  readonly type: 'lmdb' | 'mongodb' | 'jsonl'
  /** Never a password. */
  readonly name: string
  readonly state: StoreState
  /** Records, and the messages in them, that are durable there because of this recording, since this process began it. */
  readonly written: number
  readonly messages: number
  readonly waiting: number
  /** Epoch seconds. */
  readonly oldestWaitingAt: number | null
  readonly problems: number
  /** The last one, as a sentence. */
  readonly problem: string | null
}

export type RecordingState = {
  readonly stores: readonly StoreProgress[]
  readonly undecodable: number
  readonly controlMessages: number
  /** Control messages that are not answered yet, and why the key-value store cannot be told. */
  readonly unanswered?: number
  readonly answerProblem?: string | null
}

export interface Recording {
  readonly state: RecordingState
  onState(listener: (state: RecordingState) => void): () => void
  /** Settles when it has ended: asked to, or by a `stop_document_inserter` message for its bundle. */
  readonly ended: Promise<'stopped' | 'control'>
  /**
   * As inserter: waits, as long as the settings say, until no producer of the bundle is still to be heard from. True if so, and for others.
   * To be asked while the intake still goes on.
   */
  safeToStop(): Promise<boolean>
  /** Writes what has arrived so far, then ends. A store that is away is waited for as long as `withinMs`; what it lacks stays in the log. */
  stop(withinMs?: number): Promise<void>
}
/** Exported by startRecording.ts: in a worker of its own where the built script of one lies beside, in this thread elsewhere. @throws Refusal if a target cannot be opened */
export type StartRecording = (spec: RecordingSpec) => Promise<Recording>
