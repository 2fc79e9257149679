/** The built command line as a shell runs it. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '..', '..')
const script = join(root, 'bin', 'provscope.mjs')

export type Ran = { code: number | null; out: string; err: string }
export type RunOptions = {
  /** What stands on its standard input; null leaves that open. */
  input?: string | Buffer | null
  cwd?: string
  env?: Record<string, string | undefined>
  onStart?: (child: ChildProcess) => void
}

/** Builds what is stale first, so that a test never runs yesterday's code. */
export function buildCli(): void {
  execFileSync(process.execPath, [join(root, 'bin', 'build.mjs')], { stdio: 'inherit' })
}

export function startCli(args: readonly string[], { cwd = root, env = {} }: RunOptions = {}): ChildProcess {
  return spawn(process.execPath, [script, ...args], { cwd, env: { ...process.env, ...env }, stdio: 'pipe' })
}

export function runCli(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = startCli(args, options)
  const ran: Ran = { code: null, out: '', err: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => { ran.out += text })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => { ran.err += text })
  child.stdin?.on('error', () => undefined)
  if (options.input !== null) child.stdin?.end(options.input)
  options.onStart?.(child)
  return new Promise((settled, reject) => {
    child.once('error', reject)
    child.once('close', (code) => settled({ ...ran, code }))
  })
}
