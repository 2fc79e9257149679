/** Names for records whose messages name none: from the log and the number of the frame, so that the same frame has the same name in every store and after a restart. */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Looks as the UUIDs that Flowcept makes up. */
export function frameName(logId: string, seq: number): string {
  const bytes = createHash('sha256').update(`${logId} ${seq}`).digest().subarray(0, 16)
  // Version 8: made by a rule of one's own.
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** What a recording remembers of its log, whole at any moment. */
export type LogMemory = {
  /** Of this log alone: frames of another have the same numbers. */
  readonly logId: string
  /** Control messages up to here have been answered. */
  readonly answeredSeq: number
  /** From which frame on which campaign was the present one, as looked up when it came. */
  readonly campaigns: readonly { readonly seq: number; readonly campaign: string | null }[]
}

export class LogMemoryFile {
  private constructor(
    private readonly path: string,
    private memory: LogMemory
  ) {}

  static async open(folder: string): Promise<LogMemoryFile> {
    await mkdir(folder, { recursive: true })
    const path = join(folder, 'recording.json')
    const known = await readMemory(path)
    const file = new LogMemoryFile(path, known ?? { logId: randomUUID(), answeredSeq: 0, campaigns: [] })
    if (!known) await file.change({})
    return file
  }

  get now(): LogMemory {
    return this.memory
  }

  async change(change: Partial<LogMemory>): Promise<void> {
    this.memory = { ...this.memory, ...change }
    await writeFile(`${this.path}.new`, JSON.stringify(this.memory))
    await rename(`${this.path}.new`, this.path)
  }
}

async function readMemory(path: string): Promise<LogMemory | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as LogMemory
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
