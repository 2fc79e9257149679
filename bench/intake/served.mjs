/** `provscope serve` as a process of its own, asked as a page asks it. */
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { settled } from './rig.mjs'

const root = resolve(import.meta.dirname, '..', '..')

export async function startServed(folder) {
  const files = join(folder, 'files')
  mkdirSync(files, { recursive: true })
  const child = spawn(process.execPath, [join(root, 'bin', 'provscope.mjs'), 'serve', '--no-open'], {
    cwd: files,
    env: { ...process.env, PROVSCOPE_CONFIG_DIR: join(folder, 'config'), TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const ended = new Promise((resolveEnded) => child.once('exit', resolveEnded))
  const url = await new Promise((resolveUrl, reject) => {
    child.once('exit', (code) => reject(new Error(`Provscope ended with ${code}.`)))
    let said = ''
    child.stdout.on('data', (part) => {
      said += part
      const ready = /ready at (\S+)/.exec(said)?.[1]
      if (ready !== undefined) resolveUrl(ready)
    })
  })
  const { origin, searchParams } = new URL(url)
  const call = async (method, params = {}) => {
    const response = await fetch(`${origin}/call`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${searchParams.get('token')}` }, body: JSON.stringify({ method, params }) })
    const reply = await response.json()
    if (!reply.ok) throw new Error(`${method}: ${reply.error.message}`)
    return reply.value
  }
  /** A handle for a folder that is to become an LMDB environment. */
  const lmdbTarget = async (name) => {
    const { handle } = await call('files.browse')
    return (await call('files.target', { handle, name, type: 'lmdb' })).handle
  }
  /** Settles when the queue has let us in. */
  const attach = async (params) => {
    const { sourceId } = await call('live.attach', params)
    const link = async () => (await call('sources.list')).sources.find((one) => one.sourceId === sourceId).live.link.name
    if ((await settled(link, (name) => name === 'live', 60_000, 60_000)) !== 'live') throw new Error('The queue does not answer.')
    return sourceId
  }
  return {
    url,
    attach,
    call,
    lmdbTarget,
    files,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    }
  }
}
