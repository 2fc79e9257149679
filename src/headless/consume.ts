/** `provscope consume`: runs somebody's own consumer until it says that it is done, or is asked to stop. */
import { BaseConsumer, type ConsumerGap, type ConsumerOptions } from '#engine/inserter/baseConsumer'
import { Refusal } from '#contract/reply'
import { consumeModule, ownStack } from './consumeModule.ts'
import type { QueueTarget } from './queueTarget.ts'
import { timeText } from './cellText.ts'
import { WrongUse } from './wrongUse.ts'

export type Consume = { module: string; /** Null where neither the command line nor Flowcept's settings name one. */ target: () => QueueTarget; isNamed: boolean }
export type ConsumeContext = { signal: AbortSignal; note: (text: string) => void; onMissing: () => void }

type ConsumerClass = new (options: ConsumerOptions) => BaseConsumer

/** @throws WrongUse for a module that exports no consumer, Refusal where it fails */
export async function consume(task: Consume, { signal, note, onMissing }: ConsumeContext): Promise<void> {
  const exported = await consumeModule(task.module)
  const consumer = exported instanceof BaseConsumer ? ready(exported, task) : made(exported, task)
  const onGap = (gap: ConsumerGap): void => {
    note(gapText(gap))
    onMissing()
  }
  // Whoever has an onGap of their own is told by it.
  if (consumer['onGap'] === BaseConsumer.prototype['onGap']) consumer['onGap'] = onGap
  const stop = (): void => void consumer.stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    await consumer.start({ background: true })
    note(`${consumer.constructor.name || 'The consumer'} listens. Sent to the queue: ${consumer.state?.sent.join(', ') ?? ''}`)
    await consumer.ended
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal('unavailable', `The consumer ended with an error: ${error instanceof Error ? ownStack(error) : String(error)}`)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function ready(consumer: BaseConsumer, { module, isNamed }: Consume): BaseConsumer {
  if (isNamed) throw new WrongUse(`${module} exports a consumer that names its queue itself; export its class to give it one here`)
  return consumer
}

function made(exported: unknown, { module, target }: Consume): BaseConsumer {
  if (typeof exported !== 'function' || !(exported.prototype instanceof BaseConsumer)) {
    throw new WrongUse(`the default export of ${module} is no consumer; it has to extend BaseConsumer of 'provscope': export default class … extends BaseConsumer`)
  }
  const { address, password } = target()
  const consumer = new (exported as ConsumerClass)({ url: address.url, password })
  if (typeof consumer.messageHandler !== 'function') throw new WrongUse(`${exported.name} in ${module} has no messageHandler`)
  return consumer
}

function gapText({ kind, from, to, messages, reason }: ConsumerGap): string {
  const amount = messages === null ? 'an unknown number of messages' : `${messages.toLocaleString('en')} ${messages === 1 ? 'message' : 'messages'}`
  return `${kind}: ${amount} missing from ${timeText(from)} to ${timeText(to)}: ${reason}`
}
