/** What `import … from 'provscope'` gives. A test holds these declarations against what the package exports. */

/** Every key is an own property, `__proto__` too. Integers beyond ±2^53 are bigints; NaN and the infinities are numbers. */
export type JsonValue = null | boolean | number | bigint | string | JsonValue[] | JsonObject
export type JsonObject = { [key: string]: JsonValue }

/** One message as Flowcept sent it; what its `type` says, or its fields tell, `classify` knows. Bytes, which JSON does not have, are Buffers. */
export type Message = JsonObject
export type RecordKind = 'task' | 'workflow' | 'agent' | 'object'
export type MessageKind = RecordKind | 'control' | 'unknown'

export type ConsumerOptions = {
  /** `redis://user@host:6379/0/interception`, `amqp://…`; a password in it is used and shown nowhere. */
  readonly url: string
  readonly password?: string | null | undefined
  /**
   * Where messages wait until they are handled. Named, it is kept: what was not handled when the process ended is handled by the next one,
   * and the last of what was may be handled again. A temporary folder unless told, gone with the consumer.
   */
  readonly folder?: string | undefined
  /** Who reads there, if several do. */
  readonly name?: string | undefined
  /** How much may wait, before messages are lost and `onGap` is told. 1 GiB unless told. */
  readonly limitBytes?: number | undefined
}

/** Messages that a consumer will never see; times in epoch seconds. */
export type ConsumerGap = {
  readonly kind: 'disconnected' | 'overflow' | 'undecodable'
  readonly from: number
  readonly to: number
  /** How many, where the broker says so. */
  readonly messages: number | null
  /** A sentence. */
  readonly reason: string
}

export type ConsumerState = {
  readonly link: { readonly name: 'connecting' | 'live' | 'retrying' | 'lost' | 'detached'; readonly reason: string | null; readonly since: number; readonly attempt: number; readonly retryAt: number | null }
  readonly received: number
  readonly receivedBytes: number
  readonly lastAt: number | null
  /** Messages in each of the last 60 whole seconds, the latest last. */
  readonly rates: readonly number[]
  /** Commands sent to the broker, each once, in order. */
  readonly sent: readonly string[]
}

/**
 * ```ts
 * export default class PrintTasks extends BaseConsumer {
 *   override messageHandler(message: Message): boolean {
 *     if (message.type === 'task') process.stdout.write(`${String(message.activity_id)}\n`)
 *     return true
 *   }
 * }
 * ```
 *
 * Run it with `provscope consume ./printTasks.ts redis://localhost:6379/interception`, or by itself:
 * `await new PrintTasks('redis://localhost:6379').start({ background: false })`.
 *
 * A handler may take its time: messages wait on disk meanwhile, in their order, and a burst loses none.
 */
export declare abstract class BaseConsumer {
  protected readonly options: ConsumerOptions
  constructor(options: string | ConsumerOptions)
  /** Called with one message after the other, never with two at once. Returns whether to go on. */
  abstract messageHandler(message: Message): boolean | Promise<boolean>
  /** Writes what `messageHandler` has gathered: called when the messages at hand have been handled, before they count as done with. */
  protected flush(): void | Promise<void>
  /** A handler has failed. What this throws ends the consumer; if it returns, the next message comes. Throws the error unless overridden. */
  protected onError(error: Error, message: Message): void | Promise<void>
  /** Messages are missing. Called when it is known how long the gap was, in its place among the messages. */
  protected onGap(gap: ConsumerGap): void | Promise<void>
  /** The connection and what has come so far; null while it is not started. */
  get state(): ConsumerState | null
  /** Settles when the consumer has ended: its handler said so, or `stop` was called. Rejects with the error that ended it. */
  get ended(): Promise<void>
  /**
   * Subscribes and listens. In the background (unless told otherwise) it resolves once it is subscribed; else when it has ended.
   * @throws Refusal if there is no such queue, or it takes no such password
   */
  start(options?: { readonly background?: boolean | undefined }): Promise<this>
  /** Ends after the message that is being handled. Not to be awaited in a handler, which returns false instead. */
  stop(): Promise<void>
  /** Waits until the queue sends. To be overridden with what has to be there first. */
  protected subscribe(): Promise<void>
  /** Dispatches messages until the handler returns false, or `stop` is called. */
  protected listen(): Promise<void>
  /** Leaves the queue, however the consumer ended. To be overridden with what has to be closed. */
  protected unsubscribe(): Promise<void>
}

export interface MessagePublisher {
  /** Settles when the broker has taken them all, in this order. @throws Refusal `unavailable` */
  publish(messages: readonly Message[]): Promise<void>
  close(): Promise<void>
}
/** Publishes messages as Flowcept's producers do. @throws Refusal if the broker cannot be reached */
export declare function openMessagePublisher(options: string | { readonly url: string; readonly password?: string | null | undefined; readonly connectionName?: string | undefined }): Promise<MessagePublisher>

/** What kind of message it is: by its `type`, or, where it has none, by its fields, as Flowcept's inserter tells it. */
export declare function classify(message: Message): MessageKind
/** The id of the record that a message belongs to; null where it names none, and its consumer has to make one up. */
export declare function recordId(kind: RecordKind, message: Message): string | null
/**
 * Merges the messages of one record, in order of arrival, as Provscope shows and stores them: a status only goes forward, dicts are updated key
 * by key, and nothing that was known is erased. To go on later, put the document before the messages that came since.
 */
export declare function mergeRecord(kind: RecordKind, messages: readonly Message[], options: { readonly newId: () => string; readonly campaignId?: string | undefined }): { readonly id: string; readonly document: JsonObject }

/** Exact JSON: no digit of an integer is lost, and NaN and the infinities are read as Python writes them. @throws JsonSyntaxError */
export declare function parseJson(text: string): JsonValue
export declare function stringifyJson(value: JsonValue, indent?: number): string
export declare class JsonSyntaxError extends SyntaxError {
  readonly position: number
}
/** Something that was asked for cannot be done; its message is a sentence for a person. */
export declare class Refusal extends Error {
  readonly code: 'bad-request' | 'not-found' | 'unavailable' | 'cancelled' | 'internal'
  constructor(code: Refusal['code'], message: string)
}

/** Where records are kept. What `write` has reported is durable, and writing the same again changes nothing. */
export interface Store {
  readonly type: 'lmdb' | 'mongodb' | 'jsonl'
  /** For people and logs; never a password. */
  readonly name: string
  get(kind: RecordKind, id: string): Promise<JsonObject | null>
  /** Every record in the order of ids, in bounded memory. */
  iterate(kind: RecordKind, after?: string): AsyncIterable<{ readonly id: string; readonly document: JsonObject }>
  close(): Promise<void>
}
/** An LMDB folder in the format that Flowcept reads and writes. @throws Refusal for one of another format */
export declare function openLmdbStore(path: string): Store
/** Flowcept's MongoDB collections. Connects in the background. @throws Refusal for a URI that is none */
export declare function openMongoStore(uri: string): Store
/** A buffer file, appended to. */
export declare function openJsonlStore(path: string): Promise<Store>

/** Flowcept's own keys. */
export type InserterSettings = {
  readonly bufferTimeSeconds: number
  readonly bufferSize: number
  readonly removeEmptyFields: boolean
  readonly enrichMessages: boolean
  readonly stopMaxTrials: number
  readonly stopTrialsSleepSeconds: number
}
export declare const defaultInserterSettings: InserterSettings

/** Flowcept's main consumer for one store: gathers messages, fills in what is missing, enriches tasks, and merges them into their records. */
export declare class DocumentInserter {
  /** @param options `nameOf` names the record of a message that names none; the same name for the same `seq`, always */
  constructor(store: Store, options: { readonly settings: InserterSettings; readonly nameOf: (seq: number) => string })
  /** How many messages are gathered, and whether that is a buffer's worth. */
  get size(): number
  get isFull(): boolean
  /** `seq` is the message's number, `at` when it arrived, in epoch seconds. */
  add(arrived: { readonly seq: number; readonly at: number; readonly message: Message }): 'record' | 'control' | 'unknown'
  /** Writes everything that is gathered. If the store refuses, it stays gathered. @throws Refusal `unavailable` */
  flush(): Promise<{ readonly messages: number; readonly problems: readonly { readonly kind: RecordKind | 'unknown'; readonly id: string | null; readonly field: string; readonly reason: string; readonly effect: 'left-out' | 'changed' }[] }>
}
