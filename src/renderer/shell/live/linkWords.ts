/** States of connections as words: a queue's, a store's. */
import { LoaderCircle, OctagonX, Pause, Radio, RefreshCw, Unplug, CircleCheck, CircleMinus } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { LiveState, StoreProgress } from '#contract/live'
import { clock, count, counted } from '../../parts/format.ts'

type Zone = 'utc' | 'local'
export type Words = { icon: LucideIcon; tone: 'okc' | 'waitc' | 'errc' | 'runc' | 't3'; text: string }

const brokers: Record<LiveState['broker'], string> = { redis: 'Redis', rabbitmq: 'RabbitMQ', kafka: 'Kafka' }
const stores: Record<StoreProgress['type'], string> = { lmdb: 'LMDB', mongodb: 'MongoDB', jsonl: 'JSON Lines' }
export const brokerName = (live: Pick<LiveState, 'broker'>): string => brokers[live.broker]
export const storeName = (store: Pick<StoreProgress, 'type'>): string => stores[store.type]

/** `in 4 s`, `now`. */
export function retryWords(retryAt: number | null, now: number): string {
  const seconds = retryAt === null ? 0 : Math.ceil(retryAt - now)
  return seconds > 0 ? `in ${count(seconds)} s` : 'now'
}

/** Paused or not, and how the connection is; both where both are to be known. */
export function liveWords({ link, pausedAt }: Pick<LiveState, 'link' | 'pausedAt'>, zone: Zone, now: number): Words {
  if (link.name === 'detached') return { icon: CircleMinus, tone: 't3', text: `Detached at ${clock(link.since, zone)}` }
  if (pausedAt !== null) return { icon: Pause, tone: 'waitc', text: `Paused at ${clock(pausedAt, zone, 1)}` }
  return linkWords(link, zone, now)
}

export function linkWords(link: LiveState['link'], zone: Zone, now: number): Words {
  switch (link.name) {
    case 'live':
      return { icon: Radio, tone: 'okc', text: 'Live' }
    case 'connecting':
      return { icon: LoaderCircle, tone: 'runc', text: 'Connecting' }
    case 'retrying':
      return { icon: RefreshCw, tone: 'waitc', text: `Not connected since ${clock(link.since, zone)}, trying again ${retryWords(link.retryAt, now)}` }
    case 'lost':
      return { icon: Unplug, tone: 'errc', text: `Connection lost at ${clock(link.since, zone)}` }
    case 'detached':
      return { icon: CircleMinus, tone: 't3', text: `Detached at ${clock(link.since, zone)}` }
  }
}

/** `12,480 written`, `retrying in 4 s, 1,728 waiting`. */
export function storeWords({ state, written, waiting }: StoreProgress, now: number): Words {
  const kept = waiting > 0 ? `, ${count(waiting)} waiting` : ''
  switch (state.name) {
    case 'live':
      return { icon: CircleCheck, tone: 'okc', text: `${count(written)} written${kept}` }
    case 'connecting':
      return { icon: LoaderCircle, tone: 'runc', text: `opening${kept}` }
    case 'retrying':
      return { icon: RefreshCw, tone: 'waitc', text: state.retryAt === null ? 'away, tried again' : `retrying ${retryWords(state.retryAt, now)}` }
    case 'lost':
      return { icon: OctagonX, tone: 'errc', text: `failed${kept}` }
    case 'closed':
      return { icon: CircleMinus, tone: 't3', text: `${count(written)} written, closed${kept}` }
  }
}

/** All of a store in one sentence or two, for its tooltip. */
export function storeDetail(store: StoreProgress, zone: Zone): string {
  const { name, state, written, messages, waiting, oldestWaitingAt, problems } = store
  return [
    name,
    `${counted(written, 'record')} written, from ${counted(messages, 'message')}`,
    waiting > 0 ? `${counted(waiting, 'message')} waiting${oldestWaitingAt === null ? '' : `, the oldest since ${clock(oldestWaitingAt, zone)}`}; kept on disk until then` : null,
    state.reason,
    problems > 0 ? `${counted(problems, 'value')} could not be kept as they are` : null
  ]
    .filter(Boolean)
    .join('\n')
}
