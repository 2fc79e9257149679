/** Flowcept's inserter as a process: started on a channel, watched until it has nothing more to do, ended. */
import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

export const hasPeer = () => spawnSync('python3', ['-c', 'import redis, flowcept.commons.daos.docdb_dao.lmdb_dao'], { stdio: 'ignore' }).status === 0

/** @returns {Promise<{ latest: () => { received: number, stored: number, atMs: number }, stop: () => Promise<void> }>} */
export async function startPeer({ folder, port, channel }) {
  const settings = join(folder, 'settings.yaml')
  // As its own template has it: batches of 50, or what has come in five seconds; times of the run are those of the last record.
  writeFileSync(
    settings,
    JSON.stringify({
      project: { db_flush_mode: 'online', enrich_messages: true, dump_buffer: { enabled: false } },
      log: { log_file_level: 'disable', log_stream_level: 'critical' },
      mq: { enabled: true, type: 'redis', host: '127.0.0.1', port, channel },
      kv_db: { enabled: true, host: '127.0.0.1', port },
      db_buffer: { insertion_buffer_time_secs: 5, buffer_size: 50 },
      databases: { lmdb: { enabled: true, path: join(folder, 'peer_lmdb') }, mongodb: { enabled: false } }
    })
  )
  const child = spawn('python3', [join(import.meta.dirname, 'peer.py')], { cwd: folder, env: { ...process.env, FLOWCEPT_SETTINGS_PATH: settings }, stdio: ['pipe', 'pipe', 'inherit'] })
  let latest = { received: 0, stored: 0, atMs: 0 }
  const ready = new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`Flowcept ended with ${code}.`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'ready') resolve()
      else if (line.startsWith('{')) latest = JSON.parse(line)
    })
  })
  await ready
  const ended = new Promise((resolve) => child.once('exit', resolve))
  return {
    latest: () => latest,
    stop: async () => {
      child.stdin.end()
      await ended
    }
  }
}
