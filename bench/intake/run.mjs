#!/usr/bin/env node
/**
 * `node bench/intake/run.mjs [--seconds 15] [--bytes 2048] [--burst 100000] [--rates 2000,20000] [--no-peer] [--no-pixel]`: what arrives,
 * is stored in LMDB and shown, of a steady stream and of a burst, with Provscope and, where Python can import it, with Flowcept's own
 * inserter: one after the other on the same Redis, which runs with the settings it comes with.
 */
import { parseArgs } from 'node:util'
import { cpus } from 'node:os'
import { open } from 'lmdb'
import { join } from 'node:path'
import { mkdirSync } from 'node:fs'
import { hasPeer, startPeer } from './peer.mjs'
import { measurePixels } from './pixel.mjs'
import { publish, settled, sleep, startRedis, temporaryFolder } from './rig.mjs'
import { startServed } from './served.mjs'

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '15' },
    bytes: { type: 'string', default: '2048' },
    burst: { type: 'string', default: '100000' },
    rates: { type: 'string', default: '2000,20000' },
    'no-peer': { type: 'boolean', default: false },
    'no-pixel': { type: 'boolean', default: false }
  }
})
const bytes = Number(options.bytes)
const rates = options.rates.split(',').filter((rate) => rate !== '').map(Number)
const cases = [
  ...rates.map((rate) => ({ name: `${rate.toLocaleString('en')}/s for ${options.seconds} s`, count: rate * Number(options.seconds), rate })),
  ...(Number(options.burst) > 0 ? [{ name: `a burst of ${Number(options.burst).toLocaleString('en')}`, count: Number(options.burst), rate: 'burst' }] : [])
]
/** What the peer has not stored some time after its batches are due will not come. */
const peerQuietMs = 8000
const quietMs = 15_000
const mostMs = 300_000

const { folder, remove } = temporaryFolder()
const redis = await startRedis(folder)
try {
  line(`${cpus().length} cores, messages of ${bytes.toLocaleString('en')} bytes`)
  const peered = !options['no-peer'] && hasPeer()
  for (const one of cases) {
    line('', '', `\n${one.name}`)
    line('', 'published', 'received', 'stored', 'shown', 'lost', 'received/s', 'stored/s', 'shown/s')
    const ours = await provscope(one)
    tell('Provscope', ours)
    if (!peered) continue
    const theirs = await flowcept(one)
    tell('Flowcept', theirs)
    line('', `stored ${(ours.stored / Math.max(1, theirs.stored)).toFixed(1)} × as many, ${(ours.storedPerSecond / theirs.storedPerSecond).toFixed(1)} × as many a second`)
  }
  if (!peered) line('Flowcept: python3 cannot import it, or it was not asked for')
  if (!options['no-pixel']) for (const rate of [50, 2000]) await pixels(rate)
} finally {
  await redis.stop()
  remove()
}

async function provscope({ count, rate }) {
  const own = join(folder, `ours-${count}-${rate}`)
  mkdirSync(own)
  const served = await startServed(own)
  const sourceId = await served.attach({ url: `redis://127.0.0.1:${redis.port}/0/ours`, role: { kind: 'record', lmdb: await served.lmdbTarget('recorded'), mongodb: null, jsonl: null, asInserter: false } })
  const reached = {}
  const look = async () => {
    const { sources } = await served.call('sources.list')
    const source = sources.find((one) => one.sourceId === sourceId)
    const { received, shown, stores, gaps } = source.live
    const now = { received, shown, stored: stores[0].messages, gaps: gaps.length }
    // The moment at which each was last seen to grow.
    for (const [name, value] of Object.entries(now)) if (value !== (reached[name]?.value ?? 0)) reached[name] = { value, atMs: Date.now() }
    return now
  }
  let published = null
  const publishing = publish({ port: redis.port, channel: 'ours', count, rate, bytes }).then((result) => { published = result })
  await settled(look, (now) => published !== null && now.received >= count && now.shown >= count && now.stored >= count, quietMs, mostMs)
  await publishing
  const end = await look()
  await served.stop()
  const stored = storedTasks(join(served.files, 'recorded'))
  return figures({ published, received: end.received, stored, shown: end.shown, reached })
}

async function flowcept({ count, rate }) {
  const own = join(folder, `theirs-${count}-${rate}`)
  mkdirSync(own)
  const peer = await startPeer({ folder: own, port: redis.port, channel: 'theirs' })
  await sleep(500)
  const published = await publish({ port: redis.port, channel: 'theirs', count, rate, bytes })
  const end = await settled(() => Promise.resolve(peer.latest()), (now) => now.stored >= count, peerQuietMs, mostMs)
  await peer.stop()
  const stored = storedTasks(join(own, 'peer_lmdb'))
  return figures({ published, received: end.received, stored, shown: null, reached: { received: end, stored: end } })
}

/** What really lies there, whoever wrote it. */
function storedTasks(path) {
  const environment = open({ path, readOnly: true, mapSize: 1e12, maxDbs: 5, noSubdir: false })
  try {
    return environment.openDB({ name: 'tasks', keyEncoding: 'binary', encoding: 'string' }).getStats().entryCount
  } finally {
    environment.close()
  }
}

function figures({ published, received, stored, shown, reached }) {
  const perSecond = (value, what) => (value === null || !reached[what] ? null : value / ((reached[what].atMs - published.startMs) / 1000))
  return {
    sent: published.sent,
    received,
    stored,
    shown,
    lost: published.sent - stored,
    receivedPerSecond: perSecond(received, 'received'),
    storedPerSecond: perSecond(stored, 'stored'),
    shownPerSecond: perSecond(shown, 'shown')
  }
}

async function pixels(rate) {
  const own = join(folder, `pixel-${rate}`)
  mkdirSync(own)
  const seconds = Math.min(15, Number(options.seconds))
  const { counted, rows } = await measurePixels({ folder: own, port: redis.port, rate, seconds, bytes })
  line('', '', `\npublished → on the screen, at ${rate.toLocaleString('en')}/s for ${seconds} s`)
  line('', 'p50', 'p95', 'at most', 'messages')
  for (const [name, { p50, p95, most, messages }] of Object.entries({ counted, 'its row': rows })) line(name, `${p50.toFixed(0)} ms`, `${p95.toFixed(0)} ms`, `${most.toFixed(0)} ms`, messages.toLocaleString('en'))
}

function tell(name, { sent, received, stored, shown, lost, receivedPerSecond, storedPerSecond, shownPerSecond }) {
  line(name, ...[sent, received, stored, shown, lost, receivedPerSecond, storedPerSecond, shownPerSecond].map((value) => (value === null ? '–' : Math.round(value).toLocaleString('en'))))
}

function line(name, ...cells) {
  process.stdout.write(`${name.padEnd(12)}${cells.map((cell) => cell.padStart(12)).join('')}\n`)
}
