/** Which campaign was the present one when a message came: looked up once by the first store that gets there, so that all stores say the same. */
import type { KeyValueStore } from './keyValueStore.ts'
import type { LogMemoryFile } from './logMemory.ts'

/** Frames of one batch come within milliseconds; Flowcept asks for each. */
const freshMs = 200

export class CampaignHistory {
  private knownSeq: number
  private askedMs = 0
  private asking: Promise<void> = Promise.resolve()

  constructor(
    private readonly keyValue: KeyValueStore,
    private readonly memory: LogMemoryFile
  ) {
    this.knownSeq = memory.now.campaigns.at(-1)?.seq ?? 0
  }

  async at(seq: number): Promise<string | null> {
    if (seq > this.knownSeq) {
      const asked = this.asking.then(async () => await this.ask(seq))
      this.asking = asked.catch(() => undefined)
      await asked
    }
    return this.memory.now.campaigns.findLast((change) => change.seq <= seq)?.campaign ?? null
  }

  private async ask(seq: number): Promise<void> {
    if (seq <= this.knownSeq) return
    const { campaigns } = this.memory.now
    if (Date.now() - this.askedMs >= freshMs) {
      let campaign: string | null
      try {
        campaign = await this.keyValue.campaign()
      } catch (error) {
        // As Flowcept: a lookup that fails leaves the task without a campaign, and the next one asks again.
        if (error instanceof Error) return
        throw error
      }
      this.askedMs = Date.now()
      if (campaign !== (campaigns.at(-1)?.campaign ?? null)) await this.memory.change({ campaigns: [...campaigns, { seq: this.knownSeq + 1, campaign }] })
    }
    this.knownSeq = seq
  }
}
