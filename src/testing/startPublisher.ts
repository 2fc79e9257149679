/** Starts publishProcess.ts, for tests. */
import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { bundleModule } from './bundleModule.ts'
import type { PublishSpec } from './publishProcess.ts'

export type Publisher = {
  /** It is ready and waits for this. */
  go(): void
  /** All is published. Rejects if it was not. */
  readonly done: Promise<{ readonly tookMs: number }>
  /** Ends it before that. */
  stop(): void
}

export async function startPublisher(spec: PublishSpec): Promise<Publisher> {
  const module = await bundleModule('src/testing/publishProcess.ts', `publish-${Math.random().toString(36).slice(2)}`)
  const child = spawn(process.execPath, [module, JSON.stringify(spec)], { stdio: ['pipe', 'pipe', 'inherit'] })
  let said = ''
  const ready = new Promise<void>((resolve) =>
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString()
      if (said.startsWith('ready\n')) resolve()
    })
  )
  const done = new Promise<{ tookMs: number }>((resolve, reject) => {
    child.once('close', (code) => {
      void rm(dirname(module), { recursive: true, force: true })
      if (code === 0) resolve(JSON.parse(said.slice('ready\n'.length)) as { tookMs: number })
      else reject(new Error(`The publisher ended with code ${code}`))
    })
  })
  await ready
  return { go: () => child.stdin.write('go\n'), done, stop: () => child.kill('SIGKILL') }
}
