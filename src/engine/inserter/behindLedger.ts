/** Which records a store lacks whose messages have left the log: a file of their ids, until they are brought from another store. */
import { createReadStream } from 'node:fs'
import { open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { RecordKind } from '#engine/records/classify'

export type BehindRecord = { readonly seq: number; readonly at: number; readonly kind: RecordKind; readonly id: string }
type Line = readonly [seq: number, at: number, kind: RecordKind, id: string]

export class BehindLedger {
  /** Messages, each once, however often it is added. */
  messages = 0
  lastSeq = 0
  oldestAt: number | null = null
  private file: FileHandle | null = null

  private constructor(readonly path: string) {}

  /** @param committedSeq what was noted of later frames will be met again, as they are still in the log */
  static async open(folder: string, store: string, committedSeq: number): Promise<BehindLedger> {
    const ledger = new BehindLedger(join(folder, `${store}.behind`))
    for await (const line of ledger.lines()) if (line[0] <= committedSeq) ledger.count(line)
    return ledger
  }

  /** Durable once it resolves. */
  async add(records: readonly BehindRecord[]): Promise<void> {
    const lines = records.filter(({ seq }) => seq > this.lastSeq).map(({ seq, at, kind, id }): Line => [seq, at, kind, id])
    if (lines.length === 0) return
    this.file ??= await open(this.path, 'a')
    // What a kill left of a line stays alone on it.
    await this.file.appendFile(`\n${lines.map((line) => JSON.stringify(line)).join('\n')}\n`)
    await this.file.datasync()
    for (const line of lines) this.count(line)
  }

  async recordIds(): Promise<Map<RecordKind, Set<string>>> {
    const ids = new Map<RecordKind, Set<string>>()
    for await (const [, , kind, id] of this.lines()) {
      const known = ids.get(kind)
      if (known) known.add(id)
      else ids.set(kind, new Set([id]))
    }
    return ids
  }

  async clear(): Promise<void> {
    await this.close()
    await rm(this.path, { force: true })
    this.messages = 0
    this.lastSeq = 0
    this.oldestAt = null
  }

  async close(): Promise<void> {
    await this.file?.close()
    this.file = null
  }

  private count([seq, at]: Line): void {
    if (seq <= this.lastSeq) return
    this.messages++
    this.lastSeq = seq
    this.oldestAt ??= at
  }

  private async *lines(): AsyncIterable<Line> {
    const stream = createReadStream(this.path)
    try {
      for await (const text of createInterface({ input: stream, crlfDelay: Infinity })) {
        const line = parseLine(text)
        if (line) yield line
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    } finally {
      stream.destroy()
    }
  }
}

function parseLine(text: string): Line | null {
  if (text === '') return null
  try {
    return JSON.parse(text) as Line
  } catch (error) {
    // Half of a line: its frames have not left the log, so they are noted again.
    if (error instanceof SyntaxError) return null
    throw error
  }
}
