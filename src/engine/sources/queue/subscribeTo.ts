/** The broker that an address names. */
import { Refusal } from '#contract/reply'
import type { SubscribeTo } from './broker.ts'
import { subscribeToRedis } from './redisBroker.ts'

export const subscribeTo: SubscribeTo = async (login, sink, signal, before) => {
  const { broker } = login.address
  if (broker === 'redis') return await subscribeToRedis(login, sink, signal, before)
  throw new Refusal('bad-request', `Queues of ${broker} cannot be read.`)
}
