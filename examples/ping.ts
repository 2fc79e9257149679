/**
 * Sends a task named ping, waits for the pong that names it as its parent, and sends the next: five times. Start pong.ts first:
 * npx provscope consume examples/pong.ts redis://localhost:6379/interception
 * npx provscope consume examples/ping.ts redis://localhost:6379/interception
 */
import { randomUUID } from 'node:crypto'
import { BaseConsumer, type Message, type MessagePublisher, openMessagePublisher } from 'provscope'

const rounds = 5

export default class Ping extends BaseConsumer {
  #publisher: MessagePublisher | null = null
  #sent = ''
  #round = 0

  /** The first ping is sent once the answer to it cannot be missed. */
  protected override async subscribe(): Promise<void> {
    await super.subscribe()
    this.#publisher = await openMessagePublisher(this.options)
    await this.#send()
  }

  override async messageHandler(message: Message): Promise<boolean> {
    if (message['activity_id'] !== 'pong' || message['parent_task_id'] !== this.#sent) return true
    process.stdout.write(`pong ${String(this.#round)}\n`)
    if (this.#round === rounds) return false
    await this.#send()
    return true
  }

  protected override async unsubscribe(): Promise<void> {
    await super.unsubscribe()
    await this.#publisher?.close()
  }

  async #send(): Promise<void> {
    this.#round++
    this.#sent = randomUUID()
    const now = Date.now() / 1000
    await this.#publisher?.publish([{ type: 'task', task_id: this.#sent, activity_id: 'ping', status: 'FINISHED', used: { round: this.#round }, started_at: now, ended_at: now }])
  }
}
