/** The lines of a file, without their ends; any length. */
import { createReadStream } from 'node:fs'

export async function* linesIn(path: string, signal: AbortSignal): AsyncGenerator<string> {
  let rest: Buffer[] = []
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) {
    const bytes = chunk as Buffer
    let at = 0
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, at)) {
      const line = bytes.subarray(at, end)
      yield (rest.length > 0 ? Buffer.concat([...rest, line]) : line).toString()
      rest = []
      at = end + 1
    }
    if (at < bytes.length) rest.push(Buffer.from(bytes.subarray(at)))
  }
  if (rest.length > 0) yield Buffer.concat(rest).toString()
}
