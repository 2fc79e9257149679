/** The text of merged records, one a line, in a file of the session's own. */
import { open, type FileHandle } from 'node:fs/promises'

export class Spool {
  private pending: Uint8Array[] = []
  private sizeBytes = 0

  private constructor(private readonly file: FileHandle) {}

  static async create(path: string): Promise<Spool> {
    return new Spool(await open(path, 'w', 0o600))
  }

  /** Returns where the line begins; it can be read after `flush`. */
  write(line: Uint8Array): number {
    const at = this.sizeBytes
    this.pending.push(line)
    this.sizeBytes += line.length
    return at
  }

  async flush(): Promise<void> {
    const bytes = Buffer.concat(this.pending)
    this.pending = []
    for (let at = 0; at < bytes.length; ) at += (await this.file.write(bytes, at)).bytesWritten
  }

  async close(): Promise<void> {
    await this.file.close()
  }
}
