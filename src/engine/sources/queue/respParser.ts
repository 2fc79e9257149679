/** Redis's protocol (RESP2) as a subscriber receives it: messages at once and without copies, all else as replies. */

export class RespError extends Error {}
export type RespReply = string | number | null | RespError | RespReply[]

export type RespEvents = {
  /** `payload` is a view of what was pushed, or of a copy. */
  message(channel: string, payload: Buffer): void
  reply(reply: RespReply): void
}

const carriageReturn = 13
const dollar = 36
const messageStart = Buffer.from('*3\r\n$7\r\nmessage\r\n')
const patternStart = Buffer.from('*4\r\n$8\r\npmessage\r\n')
const nothing = Buffer.alloc(0)
/** Nothing Redis sends has a longer length or status line than its errors. */
const longestLineBytes = 64 << 10

export class RespParser {
  /** The beginning of something whose end has not come. */
  private kept: Buffer[] = []
  private keptBytes = 0
  /** It is not worth looking again before there are so many. */
  private needBytes = 0
  private buffer: Buffer = nothing
  private place = 0
  /** How far a text or message that is not whole reaches. */
  private reach = 0
  private channel: Buffer = Buffer.alloc(0)
  private channelText = ''

  constructor(private readonly events: RespEvents) {}

  /** True in the middle of something. */
  get isMidway(): boolean {
    return this.keptBytes > 0
  }

  /** `chunk` is not looked at after the call. @throws Error on what is not RESP */
  push(chunk: Buffer): void {
    this.keptBytes += chunk.length
    // A message of megabytes comes in many pieces: they are put together once.
    if (this.keptBytes < this.needBytes) {
      this.kept.push(Buffer.from(chunk))
      return
    }
    this.buffer = this.kept.length === 0 ? chunk : Buffer.concat([...this.kept, chunk])
    this.place = 0
    let start = 0
    this.reach = 0
    while (start < this.buffer.length && this.takeOne()) start = this.place
    const rest = this.buffer.subarray(start)
    this.kept = rest.length > 0 ? [Buffer.from(rest)] : []
    this.keptBytes = rest.length
    this.needBytes = Math.max(this.reach - start, rest.length + 1)
    this.buffer = nothing
  }

  /** False if it is not whole. */
  private takeOne(): boolean {
    const { buffer, place } = this
    const isMessage = startsWith(buffer, place, messageStart)
    if (isMessage || startsWith(buffer, place, patternStart)) return this.takeMessage(isMessage)
    const reply = this.reply()
    if (reply === undefined) return false
    this.events.reply(reply)
    return true
  }

  private takeMessage(isPlain: boolean): boolean {
    this.place += isPlain ? messageStart.length : patternStart.length
    if (!isPlain && this.bulk() < 0) return false
    const channelBytes = this.bulk()
    if (channelBytes < 0) return false
    const channelFrom = this.place - channelBytes - 2
    const payloadBytes = this.bulk()
    if (payloadBytes < 0) return false
    const payloadTo = this.place - 2
    this.events.message(this.channelAt(channelFrom, channelBytes), this.buffer.subarray(payloadTo - payloadBytes, payloadTo))
    return true
  }

  /** Nearly always the channel of the message before. */
  private channelAt(from: number, sizeBytes: number): string {
    const { buffer, channel } = this
    if (sizeBytes !== channel.length || buffer.compare(channel, 0, sizeBytes, from, from + sizeBytes) !== 0) {
      this.channel = Buffer.from(buffer.subarray(from, from + sizeBytes))
      this.channelText = this.channel.toString()
    }
    return this.channelText
  }

  /** Goes behind a text, whose length it returns; −1 if it is not whole. */
  private bulk(): number {
    const { buffer } = this
    if (this.place >= buffer.length) return -1
    if (buffer[this.place] !== dollar) throw new Error('What comes is not what Redis sends.')
    const line = this.line()
    if (line === null) return -1
    const sizeBytes = wholeNumber(line)
    const end = this.place + sizeBytes + 2
    this.reach = end
    if (end > buffer.length) return -1
    this.place = end
    return sizeBytes
  }

  /** Undefined if it is not whole. */
  private reply(): RespReply | undefined {
    const type = String.fromCodePoint(this.buffer[this.place] ?? 0)
    if (!'+-:$*'.includes(type)) throw new Error('What answers is not Redis.')
    const line = this.line()
    if (line === null) return undefined
    if (type === '+') return line
    if (type === '-') return new RespError(line)
    const number = wholeNumber(line)
    if (type === ':') return number
    if (number === -1) return null
    if (type === '$') {
      const from = this.place
      this.place += number + 2
      return this.place > this.buffer.length ? undefined : this.buffer.toString('utf8', from, from + number)
    }
    const items: RespReply[] = []
    while (items.length < number) {
      const item = this.place < this.buffer.length ? this.reply() : undefined
      if (item === undefined) return undefined
      items.push(item)
    }
    return items
  }

  /** What stands behind the type, and goes to the next line; null if its end has not come. */
  private line(): string | null {
    const end = this.buffer.indexOf(carriageReturn, this.place)
    if (end < 0 || end + 1 >= this.buffer.length) {
      if (this.buffer.length - this.place > longestLineBytes) throw new Error('What comes is not what Redis sends.')
      return null
    }
    const text = this.buffer.toString('latin1', this.place + 1, end)
    this.place = end + 2
    return text
  }
}

function startsWith(buffer: Buffer, place: number, start: Buffer): boolean {
  // The byte that tells the two apart, before all of them are compared.
  if (buffer[place + 1] !== start[1] || buffer[place] !== start[0] || place + start.length > buffer.length) return false
  return buffer.compare(start, 0, start.length, place, place + start.length) === 0
}

function wholeNumber(line: string): number {
  const number = Number(line)
  if (!Number.isSafeInteger(number) || number < -1 || line === '') throw new Error('What comes is not what Redis sends.')
  return number
}
