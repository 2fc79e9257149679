/** What the intake asks of a message broker, whichever it is: one subscription, until it ends. */
import { Refusal } from '#contract/reply'
import type { QueueAddress, QueueTest } from './intakeState.ts'

export type BrokerSink = {
  /** `payload` is not looked at after the call. @param at epoch seconds when it came */
  message(channel: string, payload: Uint8Array, at: number): void
  /** A command that goes out, without secrets. */
  sent(command: string): void
  /** Once, when a subscription that was in place has ended; not after `close`. A sentence. */
  ended(reason: string): void
}

export interface Subscription {
  /** What there is to say about how it began: that the broker was restarted meanwhile. A sentence, or null. */
  readonly note: string | null
  /** The broker keeps what is published: nothing is missing after an interruption. */
  readonly losesNothing?: boolean
  /** Takes what is under way, unsubscribes, and ends. */
  close(): Promise<void>
}

export type Login = {
  readonly address: QueueAddress
  readonly password: string | null
  /** False: what is subscribed to has to be there already. */
  readonly mayCreate?: boolean
}

/**
 * Settles when the subscription is in place. Rejects with a Refusal if trying again will not help, else with an Error that says why in a sentence.
 * @param before the subscription that has ended, if this is not the first
 */
export type SubscribeTo = (login: Login, sink: BrokerSink, signal: AbortSignal, before: Subscription | null) => Promise<Subscription>

export type Probed = Pick<QueueTest, 'server' | 'roundTripMs' | 'subscribers' | 'bufferLimitBytes'>
/** Asks without changing anything. Rejects as `SubscribeTo` does. */
export type Probe = (login: Login, signal: AbortSignal) => Promise<Probed>

/** How long a broker may take to answer. */
export const answerMs = 10_000

/** What the system or TLS says about a connection, as a sentence; a Refusal where only a person can change it. */
export function connectionProblem(error: Error, { host, port, tls }: QueueAddress): Error {
  const place = `${host}:${port}`
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const isHere = ['localhost', '127.0.0.1', '::1'].includes(host)
  if (/CERT|SIGNATURE|ALTNAME/.test(code)) return new Refusal('unavailable', `The certificate of ${place} is not trusted (${error.message}). NODE_EXTRA_CA_CERTS names a file with certificates to trust.`)
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) return new Error(`${place} does not answer as TLS does${tls ? ': perhaps it wants none' : ''}.`)
  const known: Record<string, string> = {
    ECONNREFUSED: `Nothing listens on ${place}${isHere ? ': the broker is not running, or the tunnel to it is gone' : ''}.`,
    ENOTFOUND: `There is no host named ${host}.`,
    EAI_AGAIN: `The name ${host} cannot be looked up at the moment.`,
    ETIMEDOUT: `${place} does not answer.`,
    EHOSTUNREACH: `${place} cannot be reached.`,
    ENETUNREACH: `${place} cannot be reached: there is no network.`,
    ECONNRESET: `${place} closed the connection before it answered.`
  }
  return new Error(known[code] ?? `${place} cannot be reached (${error.message || code}).`)
}
