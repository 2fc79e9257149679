/**
 * Publishes task messages in a process of its own: `node publish.mjs PORT CHANNEL FIRST COUNT RATE BYTES`, RATE in messages a second or
 * `burst`. Prints JSON: when the first and the last were published (epoch ms), how many the broker took, how many nobody received, and,
 * of a steady stream, which were published when: `[index of the first, epoch ms]` of each write.
 */
import { connect } from 'node:net'
import { messageMaker } from './message.mjs'

const [port, channel, first, count, rate, bytes] = process.argv.slice(2)
const total = Number(count)
const perSecond = rate === 'burst' ? Infinity : Number(rate)
const make = messageMaker(Number(bytes))
const socket = connect(Number(port), '127.0.0.1')
socket.setNoDelay(true)
await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))

let answered = 0
let unheard = 0
let rest = ''
let sent = 0
const batches = []
/** At most so many go out in one write, and wait for their answers. */
const mostAtOnce = 500
const mostUnanswered = 20_000
const done = new Promise((resolve, reject) => {
  socket.on('error', reject)
  socket.on('data', (data) => {
    const lines = (rest + data.toString('latin1')).split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (!line.startsWith(':')) return reject(new Error(`The broker said ${line}`))
      answered += 1
      if (line === ':0') unheard += 1
    }
    if (answered === total) resolve()
  })
})
const head = (length) => Buffer.from(`*3\r\n$7\r\nPUBLISH\r\n$${channel.length}\r\n${channel}\r\n$${length}\r\n`)
const end = Buffer.from('\r\n')
const startMs = Date.now()
while (sent < total) {
  const due = Math.min(total, perSecond === Infinity ? total : Math.floor(((Date.now() - startMs) / 1000) * perSecond) + 1)
  const until = Math.min(due, sent + mostAtOnce)
  const parts = []
  const now = Date.now() / 1000
  if (perSecond !== Infinity && until > sent) batches.push([sent, now * 1000])
  for (; sent < until; sent++) {
    const message = make(Number(first) + sent, now)
    parts.push(head(message.length), message, end)
  }
  if (parts.length > 0 && !socket.write(Buffer.concat(parts))) await new Promise((resolve) => socket.once('drain', resolve))
  while (sent - answered > mostUnanswered) await new Promise((resolve) => socket.once('data', () => setImmediate(resolve)))
  if (sent < total && sent >= due) await new Promise((resolve) => setTimeout(resolve, 2))
}
await done
const endMs = Date.now()
socket.destroy()
process.stdout.write(JSON.stringify({ startMs, endMs, sent: total, unheard, batches }))
