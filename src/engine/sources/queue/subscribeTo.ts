/** The broker that an address names. */
import { Refusal } from '#contract/reply'
import type { Probe, SubscribeTo } from './broker.ts'
import { probeRabbit, subscribeToRabbit } from './rabbitBroker.ts'
import { subscribeToRedis } from './redisBroker.ts'
import { probeRedis } from './redisProbe.ts'

type Broker = { readonly subscribe: SubscribeTo; readonly probe: Probe }
const brokers: Readonly<Partial<Record<string, Broker>>> = {
  rabbitmq: { subscribe: subscribeToRabbit, probe: probeRabbit },
  redis: { subscribe: subscribeToRedis, probe: probeRedis }
}

export const subscribeTo: SubscribeTo = async (login, ...rest) => await brokerOf(login.address.broker).subscribe(login, ...rest)

export const probe: Probe = async (login, signal) => await brokerOf(login.address.broker).probe(login, signal)

function brokerOf(name: string): Broker {
  const broker = brokers[name]
  if (!broker) throw new Refusal('bad-request', `Queues of ${name} cannot be read.`)
  return broker
}
