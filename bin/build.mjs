/** Builds `out` from the sources if it is missing or older than they are; `--always` builds in any case. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(import.meta.dirname ?? dirname(fileURLToPath(import.meta.url)))
const lock = join(root, 'node_modules', '.provscope-build')
const staleLockMs = 180_000

/** @returns {boolean} whether there is something to run */
export function ensureBuilt({ always = false } = {}) {
  if (!existsSync(join(root, 'src', 'headless', 'cli.ts'))) return isComplete()
  if (!always && isComplete() && builtAt() >= newest(['src', 'package.json', 'electron.vite.config.ts'])) return true
  return withLock(() => {
    if (!always && isComplete() && builtAt() >= newest(['src', 'package.json', 'electron.vite.config.ts'])) return true
    return build()
  })
}

function build() {
  const electronVite = resolveElectronVite()
  if (electronVite === null) {
    process.stderr.write('Provscope is not built, and its build tools are not installed: run "npm install".\n')
    return false
  }
  process.stderr.write('Building Provscope …\n')
  const { status, stdout, stderr } = spawnSync(process.execPath, [electronVite, 'build', '--logLevel', 'warn'], { cwd: root, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } })
  if (status !== 0) process.stderr.write(`${stdout}${stderr}`.replace(/^ {4}at .*\n/gm, '') + 'The build failed.\n')
  return status === 0
}

function resolveElectronVite() {
  try {
    return join(dirname(createRequire(join(root, 'package.json')).resolve('electron-vite/package.json')), 'bin', 'electron-vite.js')
  } catch {
    return null
  }
}

const outputs = ['out/main/index.js', 'out/main/engineEntry.js', 'out/main/readerWorker.js', 'out/main/intakeWorker.js', 'out/main/recordingWorker.js', 'out/main/cli.js', 'out/main/consumer.js', 'out/preload/index.cjs', 'out/renderer/index.html'].map((path) => join(root, path))
const isComplete = () => outputs.every((path) => existsSync(path))
const builtAt = () => Math.min(...outputs.map((path) => statSync(path).mtimeMs))

function newest(paths) {
  let latest = 0
  for (const path of paths) {
    const whole = join(root, path)
    const entries = statSync(whole).isDirectory() ? readdirSync(whole, { recursive: true, withFileTypes: true }) : []
    for (const entry of entries) {
      // Tests and fixtures are not built.
      if (!entry.isFile() || /\.test\.tsx?$/.test(entry.name) || (entry.parentPath ?? entry.path).includes(join('src', 'testing'))) continue
      latest = Math.max(latest, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs)
    }
    if (entries.length === 0) latest = Math.max(latest, statSync(whole).mtimeMs)
  }
  return latest
}

/** Two that start at once do not build into each other's way. */
function withLock(work) {
  mkdirSync(dirname(lock), { recursive: true })
  for (;;) {
    try {
      mkdirSync(lock)
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      if (lockAgeMs() > staleLockMs) rmSync(lock, { recursive: true, force: true })
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    }
  }
  try {
    return work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

function lockAgeMs() {
  try {
    return Date.now() - statSync(lock).mtimeMs
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
    return 0
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = ensureBuilt({ always: process.argv.includes('--always') }) ? 0 : 1
