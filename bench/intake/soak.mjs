#!/usr/bin/env node
/** `node bench/intake/soak.mjs [--seconds 600] [--rate 20000] [--bytes 2048]`: whether a long steady stream arrives whole, frame for frame. */
import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bundle } from '../bundle.mjs'
import { publish, startRedis, temporaryFolder } from './rig.mjs'

const { values: options } = parseArgs({ options: { seconds: { type: 'string', default: '600' }, rate: { type: 'string', default: '20000' }, bytes: { type: 'string', default: '2048' } } })
const out = await bundle('soak', { soak: 'bench/intake/soak.ts', intakeWorker: 'src/engine/sources/queue/intakeWorker.ts' })

const { folder, remove } = temporaryFolder()
const redis = await startRedis(folder)
try {
  const count = Number(options.seconds) * Number(options.rate)
  const frames = join(folder, 'frames')
  mkdirSync(frames)
  const child = spawn(process.execPath, [join(out, 'soak.js'), `redis://127.0.0.1:${redis.port}/0/soak`, frames, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  const ended = new Promise((done) => child.once('exit', done))
  await new Promise((ready, reject) => {
    child.once('exit', (code) => reject(new Error(`It ended with ${code}.`)))
    child.stdout.on('data', (part) => {
      said += part
      if (said.startsWith('ready\n')) ready()
    })
  })
  const { startMs, endMs, sent, unheard } = await publish({ port: redis.port, channel: 'soak', count, rate: Number(options.rate), bytes: Number(options.bytes) })
  await ended
  const kept = JSON.parse(said.slice('ready\n'.length))
  const seconds = (endMs - startMs) / 1000
  process.stdout.write(`${JSON.stringify({ published: sent, seconds, perSecond: Math.round(sent / seconds), unheard, ...kept, missing: sent - kept.frames }, null, 2)}\n`)
} finally {
  await redis.stop()
  remove()
  rmSync(out, { recursive: true, force: true })
}
