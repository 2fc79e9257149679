/** What every measurement needs: a Redis of its own, a publisher in a process of its own, a temporary folder, waiting. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'provscope-intake-'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** With the settings it comes with, but for what it would write to disk. */
export async function startRedis(folder) {
  const port = await freePort()
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}.`)))
    child.stdout.on('data', (part) => {
      if (part.includes('Ready to accept connections')) resolve()
    })
  })
  return {
    port,
    stop: async () => {
      child.kill()
      await ended
    }
  }
}

/** @returns {Promise<{ startMs: number, endMs: number, sent: number, unheard: number, batches: [number, number][] }>} */
export function publish({ port, channel, first = 0, count, rate, bytes }) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'publish.mjs'), ...[port, channel, first, count, rate, bytes].map(String)], { stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (part) => { said += part })
    child.once('exit', (code) => (code === 0 ? resolve(JSON.parse(said)) : reject(new Error(`The publisher ended with ${code}.`))))
  })
}

/** Asks again and again until what it says has stayed the same for so long, or is what it should be. */
export async function settled(ask, isDone, quietMs, mostMs) {
  const beganMs = Date.now()
  let last = ''
  let changedMs = Date.now()
  for (;;) {
    const now = await ask()
    const text = JSON.stringify(now)
    if (text !== last) changedMs = Date.now()
    last = text
    if (isDone(now) || Date.now() - changedMs > quietMs || Date.now() - beganMs > mostMs) return now
    await sleep(50)
  }
}

async function freePort() {
  const probe = createServer()
  await new Promise((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return port
}
