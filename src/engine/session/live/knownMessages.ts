/** Which messages a live source has, whatever order their keys stand in: by a hash of each, read on as more come. */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { isJsonObject, parseJson, stringifyJson, type JsonObject, type JsonValue } from '#contract/json'

const pieceBytes = 1 << 20

export class KnownMessages {
  private readonly keys = new Set<string>()
  private readBytes = 0

  /** @param path of the file of messages, of which only whole lines are read */
  constructor(private readonly path: string) {}

  has(key: string): boolean {
    return this.keys.has(key)
  }

  add(key: string): void {
    this.keys.add(key)
  }

  /** Up to this byte, where a line ends. */
  async readOn(toBytes: number): Promise<void> {
    if (toBytes <= this.readBytes) return
    const file = await open(this.path, 'r')
    try {
      let rest = Buffer.alloc(0)
      while (this.readBytes < toBytes) {
        const length = Math.min(pieceBytes, toBytes - this.readBytes)
        const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, this.readBytes)
        if (bytesRead === 0) throw new Error(`${this.path} ends before byte ${toBytes}.`)
        this.readBytes += bytesRead
        const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)])
        let from = 0
        for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
          const message = parseJson(bytes.toString('utf8', from, end))
          if (isJsonObject(message)) this.keys.add(messageKey(message))
          from = end + 1
        }
        rest = bytes.subarray(from)
      }
    } finally {
      await file.close()
    }
  }
}

/** Equal for messages that say the same: keys in any order, NaN and null alike, 1.0 and 1 alike. */
export function messageKey(message: JsonObject): string {
  return createHash('sha256').update(canonical(message)).digest('base64').slice(0, 22)
}

function canonical(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (isJsonObject(value)) {
    const keys = Object.keys(value).sort()
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key] as JsonValue)}`).join(',')}}`
  }
  return typeof value === 'number' && !Number.isFinite(value) ? 'null' : stringifyJson(value)
}
