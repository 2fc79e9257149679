/** Readers that are not ours: Python with the packages a scientist would read an export with. */
import { spawn, spawnSync } from 'node:child_process'
import { parseJson, type JsonValue } from '#contract/json'

export const python = process.env['PROVSCOPE_PYTHON'] ?? 'python3'

/** Null if all of these modules can be imported; else why not, for a test that is skipped then. */
export function whyNoPython(...modules: string[]): string | null {
  const looked = spawnSync(python, ['-c', `import ${modules.join(', ')}`])
  return looked.status === 0 ? null : `${python} lacks one of ${modules.join(', ')}`
}

/** Runs a script and gives back what it prints last, as JSON. @throws Error with what it said, if it ends badly */
export async function runPython(script: string, args: readonly string[] = [], options: { cwd?: string; env?: Record<string, string> } = {}): Promise<JsonValue> {
  const child = spawn(python, ['-c', script, ...args], { cwd: options.cwd, env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.on('data', (data: Buffer) => void (out += data.toString()))
  child.stderr.on('data', (data: Buffer) => void (err += data.toString()))
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`Python ended with code ${String(code)}: ${err.slice(-3000)}`)
  return parseJson(out.trim().split('\n').at(-1) ?? '')
}
