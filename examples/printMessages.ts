/**
 * Prints every task as it comes:
 * npx provscope consume examples/printMessages.ts redis://localhost:6379/interception
 */
import { BaseConsumer, classify, type ConsumerGap, type Message } from 'provscope'

export default class PrintMessages extends BaseConsumer {
  override messageHandler(message: Message): boolean {
    if (classify(message) === 'task') process.stdout.write(`${String(message['activity_id'] ?? 'task')} ${String(message['status'] ?? '')} ${String(message['task_id'] ?? '')}\n`)
    // False would end the consumer.
    return true
  }

  protected override onGap({ kind, messages, reason }: ConsumerGap): void {
    process.stderr.write(`${kind}: ${messages ?? 'an unknown number of'} messages were missed: ${reason}\n`)
  }
}
