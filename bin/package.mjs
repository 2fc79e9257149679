/**
 * `npm run package`: builds Provscope and makes installers of it for this system, in dist/. Arguments go to electron-builder (`--mac`, `--dir`,
 * `--arm64`). Electron's own binary is needed: what `npm start` has fetched, or a folder named by PROVSCOPE_ELECTRON_DIST.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { ensureBuilt } from './build.mjs'

const root = dirname(import.meta.dirname)
const require = createRequire(join(root, 'package.json'))

process.exitCode = run(process.argv.slice(2))

/** @param {string[]} args */
function run(args) {
  const builder = resolved('electron-builder/cli.js')
  const electron = resolved('electron/package.json')
  if (builder === null || electron === null) return fail('electron-builder and electron are not installed: run "npm install".')
  const other = args.some((arg) => /^(--(linux|mac|win|windows|macos)|-[lmwo])$/.test(arg) && !isThisSystem(arg))
  const { version } = JSON.parse(readFileSync(electron, 'utf8'))
  const dist = other ? null : electronDist(dirname(electron))
  if (dist === null && !args.includes('--fetch')) {
    const which = other ? 'of the other system' : `for ${process.platform}-${process.arch}`
    return fail(`Electron ${version} ${which} is not here, and without it there is nothing to put the app into. Fetch it with "node ${join('node_modules', 'electron', 'install.js')}", name its folder in PROVSCOPE_ELECTRON_DIST, or add --fetch to have electron-builder download it.`)
  }
  if (!ensureBuilt({ always: true })) return 1
  const own = args.filter((arg) => arg !== '--fetch')
  const from = dist === null ? [] : [`-c.electronDist=${dist}`]
  return spawnSync(process.execPath, [builder, ...own, ...from, '--publish', 'never'], { cwd: root, stdio: 'inherit' }).status ?? 1
}

/** As the electron package keeps it, or as it was named. */
function electronDist(folder) {
  const named = process.env.PROVSCOPE_ELECTRON_DIST
  if (named) return existsSync(named) ? resolve(named) : null
  const dist = join(folder, 'dist')
  const path = join(folder, 'path.txt')
  return existsSync(path) && existsSync(join(dist, readFileSync(path, 'utf8'))) ? dist : null
}

function isThisSystem(arg) {
  const systems = { linux: ['--linux', '-l'], darwin: ['--mac', '--macos', '-m', '-o'], win32: ['--win', '--windows', '-w'] }
  return (systems[process.platform] ?? []).includes(arg)
}

function resolved(name) {
  try {
    return require.resolve(name)
  } catch {
    return null
  }
}

function fail(why) {
  process.stderr.write(`${why}\n`)
  return 1
}
