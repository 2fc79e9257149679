/** Answers every ping with a pong until it is stopped, or has answered the last of five; see ping.ts. */
import { randomUUID } from 'node:crypto'
import { BaseConsumer, type Message, type MessagePublisher, openMessagePublisher } from 'provscope'

const rounds = 5

export default class Pong extends BaseConsumer {
  #publisher: MessagePublisher | null = null

  protected override async subscribe(): Promise<void> {
    this.#publisher = await openMessagePublisher(this.options)
    await super.subscribe()
  }

  override async messageHandler(message: Message): Promise<boolean> {
    const { activity_id: activity, task_id: ping, used } = message
    // Everybody who listens hears everything, its own messages too.
    if (activity !== 'ping' || ping === undefined) return true
    const round = typeof used === 'object' && used !== null && 'round' in used ? used.round : null
    process.stdout.write(`ping ${String(round)}\n`)
    const now = Date.now() / 1000
    await this.#publisher?.publish([{ type: 'task', task_id: randomUUID(), parent_task_id: ping, activity_id: 'pong', status: 'FINISHED', used: { round }, started_at: now, ended_at: now }])
    return round !== rounds
  }

  protected override async unsubscribe(): Promise<void> {
    await super.unsubscribe()
    await this.#publisher?.close()
  }
}
