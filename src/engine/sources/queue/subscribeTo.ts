/** The broker that an address names. */
import type { Probe, SubscribeTo } from './broker.ts'
import type { QueueAddress } from './intakeState.ts'
import { probeKafka, subscribeToKafka } from './kafkaBroker.ts'
import { probeRabbit, subscribeToRabbit } from './rabbitBroker.ts'
import { subscribeToRedis } from './redisBroker.ts'
import { probeRedis } from './redisProbe.ts'

type Broker = { readonly subscribe: SubscribeTo; readonly probe: Probe }
const brokers: Readonly<Record<QueueAddress['broker'], Broker>> = {
  kafka: { subscribe: subscribeToKafka, probe: probeKafka },
  rabbitmq: { subscribe: subscribeToRabbit, probe: probeRabbit },
  redis: { subscribe: subscribeToRedis, probe: probeRedis }
}

export const subscribeTo: SubscribeTo = async (login, ...rest) => await brokers[login.address.broker].subscribe(login, ...rest)

export const probe: Probe = async (login, signal) => await brokers[login.address.broker].probe(login, signal)
