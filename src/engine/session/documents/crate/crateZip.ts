/** A zip that is written as its files are made, with the size and hash of each. */
import { createHash } from 'node:crypto'
import { Zip, ZipDeflate } from 'fflate'
import { Refusal } from '#contract/reply'
import type { Sink } from '../prov/provWriting.ts'

export type CrateFile = { readonly name: string; readonly type: string; readonly description: string; readonly bytes: number; readonly sha256: string }
type Described = Pick<CrateFile, 'name' | 'type' | 'description'>

/** What a zip without its 64-bit form can hold. */
const mostBytes = 2 ** 32 - 2 ** 20

export class CrateZip {
  private readonly zip: Zip
  private waiting: Uint8Array[] = []
  private failure: Error | null = null
  private total = 0

  constructor(
    private readonly sink: Sink,
    private readonly modified: Date
  ) {
    this.zip = new Zip((error, bytes) => {
      if (error) this.failure = error
      else this.waiting.push(bytes)
    })
  }

  /** One file after the other. @throws Refusal if it becomes too large for a zip */
  async add(described: Described, fill: (sink: Sink) => Promise<void>): Promise<CrateFile> {
    const entry = new ZipDeflate(described.name, { level: 6 })
    entry.mtime = this.modified
    this.zip.add(entry)
    const hash = createHash('sha256')
    let bytes = 0
    await fill(async (chunk) => {
      hash.update(chunk)
      bytes += chunk.length
      if (bytes > mostBytes) throw new Refusal('bad-request', `${described.name} becomes larger than a zip can hold. Choose one workflow, or filter.`)
      // What it is given must not be reused by others.
      entry.push(Uint8Array.from(chunk))
      await this.drain()
    })
    entry.push(new Uint8Array(0), true)
    await this.drain()
    return { ...described, bytes, sha256: hash.digest('hex') }
  }

  async finish(): Promise<void> {
    this.zip.end()
    await this.drain()
  }

  private async drain(): Promise<void> {
    if (this.failure !== null) throw this.failure
    const ready = this.waiting
    this.waiting = []
    for (const bytes of ready) {
      this.total += bytes.length
      if (this.total > mostBytes) throw new Refusal('bad-request', 'The crate becomes larger than a zip can hold. Choose one workflow, or filter.')
      await this.sink(bytes)
    }
  }
}
