/** What an intake is told and what it tells: the address of a queue, its connection, and what has come. */

export type QueueAddress = {
  readonly broker: 'redis' | 'rabbitmq' | 'kafka'
  /** For people, recents and logs: no password in it. `redis://user@host:6379/0/interception` */
  readonly url: string
  readonly host: string
  readonly port: number
  readonly tls: boolean
  readonly user: string | null
  /** Redis: the database number; RabbitMQ: the virtual host; Kafka: nothing. */
  readonly database: string | null
  /** Channel, exchange or topic; Flowcept's is `interception`. */
  readonly channel: string
}
/** Exported by queueAddress.ts: `parseQueueUrl(url)` throws a Refusal `bad-request`; a password in the URL is given back apart. */
export type ParsedQueueUrl = { readonly address: QueueAddress; readonly password: string | null }

export type Link = {
  readonly name: 'connecting' | 'live' | 'retrying' | 'lost' | 'detached'
  readonly reason: string | null
  /** Epoch seconds. */
  readonly since: number
  readonly attempt: number
  readonly retryAt: number | null
}

export type IntakeState = {
  readonly link: Link
  readonly received: number
  readonly receivedBytes: number
  readonly lastAt: number | null
  /** Messages in each of the last 60 whole seconds, the latest last. */
  readonly rates: readonly number[]
  readonly spillBytes: number
  readonly spillLimitBytes: number
  /** Commands sent to the broker, each once, in order. */
  readonly sent: readonly string[]
}

export type IntakeSpec = { readonly address: QueueAddress; readonly password: string | null; readonly folder: string; readonly limitBytes: number }

export interface Intake {
  readonly state: IntakeState
  /** At most some ten times a second, and at each change of the link. */
  onState(listener: (state: IntakeState) => void): () => void
  /** The first subscription is in place, or has failed for good (a wrong password, no such host is not for good); rejects with a Refusal then. */
  readonly ready: Promise<void>
  /** Puts messages that did not come from the broker behind what has come; settles when they are in the log's file. */
  append(channel: string, payloads: readonly Uint8Array[]): Promise<void>
  /** Unsubscribes, writes everything that has arrived, and ends. */
  stop(): Promise<void>
}
/** Exported by startIntake.ts: in a worker of its own where the built script of one lies beside, in this thread elsewhere. */
export type StartIntake = (spec: IntakeSpec) => Promise<Intake>

/** What `testQueue(address, password, signal?)` of testQueue.ts finds out with commands that only read. */
export type QueueTest = {
  readonly error: string | null
  readonly server: string | null
  readonly roundTripMs: number | null
  readonly subscribers: number | null
  readonly messagesPerSecond: number | null
  readonly meanBytes: number | null
  readonly listenedS: number
  readonly bufferLimitBytes: number | null
  readonly testedAt: number
}
