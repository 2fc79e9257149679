/** The packaged app, as far as it can be had without Electron's binary: electron-builder itself packs it around a stand-in that holds the fuse wire. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { icns, ico } from '../../bin/icons.mjs'
import { about } from '../../bin/licences.mjs'
import { buildShell, root, startShell } from '../testing/electron/shell.ts'

const require = createRequire(import.meta.url)
type Asar = { listPackage: (path: string) => string[]; extractAll: (path: string, to: string) => void; getRawHeader: (path: string) => { headerString: string } }
const asar = require('@electron/asar') as Asar
const config = parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8')) as Record<string, unknown>

describe('the configuration', () => {
  test('is one, by electron-builder’s own schema', async () => {
    const { validateConfiguration } = require('app-builder-lib/out/util/config/config.js') as { validateConfiguration: (config: unknown, log: unknown) => Promise<void> }
    await validateConfiguration(config, { isEnabled: false, add: () => undefined })
    await expect(validateConfiguration({ ...config, asarr: true }, { isEnabled: false, add: () => undefined })).rejects.toThrow('asarr')
  })

  test('names the icons, the entitlements and the samples that are there', () => {
    const files = ['resources/icon.ico', 'resources/icon.icns', 'resources/document.ico', 'resources/document.icns', 'resources/entitlements.mac.plist', 'LICENSE', ...['16x16', '32x32', '512x512', '1024x1024'].map((size) => `resources/icons/${size}.png`)]
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
    expect(readFileSync(join(root, 'electron-builder.yml'), 'utf8')).toContain('resources/entitlements.mac.plist')
  })

  test('looks for no updates, and makes installers for the three systems', () => {
    const targets = (system: string): unknown => (config[system] as { target: { target: string }[] }).target.map(({ target }) => target)
    expect([config['publish'], targets('linux'), targets('mac'), targets('win')]).toEqual([null, ['AppImage', 'deb', 'rpm', 'tar.gz'], ['dmg', 'zip'], ['nsis', 'portable']])
    expect(config['protocols']).toMatchObject([{ schemes: ['provscope'] }])
  })
})

describe('icons', () => {
  const png = (size: number): Buffer => readFileSync(join(root, 'resources', 'icons', `${size}x${size}.png`))

  test('are pictures of the size they say', () => {
    for (const size of [16, 24, 32, 48, 64, 128, 256, 512, 1024]) expect([png(size).readUInt32BE(16), png(size).readUInt32BE(20)]).toEqual([size, size])
  })

  test('of Windows and macOS hold the same pictures', () => {
    const icoFile = readFileSync(join(root, 'resources', 'icon.ico'))
    expect(icoFile.equals(ico([16, 24, 32, 48, 64, 128, 256].map((size) => ({ size, png: png(size) }))))).toBe(true)
    const icnsFile = readFileSync(join(root, 'resources', 'icon.icns'))
    expect([icnsFile.toString('latin1', 0, 4), icnsFile.readUInt32BE(4)]).toEqual(['icns', icnsFile.length])
    expect(icnsFile.includes(png(1024))).toBe(true)
    expect(icns([{ type: 'ic10', png: png(1024) }]).length).toBe(16 + png(1024).length)
  })
})

describe('the list of licences', () => {
  test('has every package that the engine imports, with what they need, and those of the page', () => {
    const { packages, texts } = about(root, [join(root, 'node_modules/react/index.js'), join(root, 'node_modules/@fontsource-variable/inter/wght.css?inline'), '\0virtual:x', '/elsewhere/a.js'])
    const names = new Map(packages.map((one) => [one.name, one]))
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> }
    for (const [name, version] of Object.entries(dependencies)) expect(names.get(name)).toMatchObject({ version, where: 'engine' })
    expect(names.get('react')).toMatchObject({ where: 'page', licence: 'MIT' })
    for (const name of ['@duckdb/node-bindings', 'bson', 'flatbuffers', '@fontsource-variable/inter', 'electron']) expect([...names.keys()]).toContain(name)
    expect(packages.filter(({ licence }) => licence === 'not said')).toEqual([])
    expect(texts[names.get('zod')?.text ?? -1]).toContain('MIT')
    expect(new Set(packages.map(({ name, version }) => `${name} ${version}`)).size).toBe(packages.length)
  })

  test('lies beside the built page, with all that is bundled', () => {
    buildShell()
    const { packages } = JSON.parse(readFileSync(join(root, 'out', 'renderer', 'about.json'), 'utf8')) as { packages: { name: string; where: string }[] }
    const page = packages.filter(({ where }) => where.startsWith('page')).map(({ name }) => name)
    for (const name of ['react', 'react-dom', 'zustand', 'lucide-react', 'zod', '@fontsource-variable/inter']) expect(page).toContain(name)
  })
})

test('without Electron’s binary, packaging says what is missing', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'bin', 'package.mjs'), '--dir'], { encoding: 'utf8', env: { ...process.env, PROVSCOPE_ELECTRON_DIST: '/nowhere' } })
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^Electron \d+\.\d+\.\d+ for \S+ is not here.*PROVSCOPE_ELECTRON_DIST/)])
})

describe.skipIf(process.platform !== 'linux')('the packed app', () => {
  let folder: string
  let unpacked: string
  let archive: string

  beforeAll(() => {
    buildShell()
    folder = mkdtempSync(join(tmpdir(), 'provscope-package-'))
    const electron = standInBinary(join(folder, 'electron'))
    execFileSync(process.execPath, [require.resolve('electron-builder/cli.js'), '--linux', 'dir', `-c.electronDist=${electron}`, `-c.directories.output=${join(folder, 'dist')}`, '--publish', 'never'], { cwd: root, stdio: 'pipe' })
    unpacked = join(folder, 'dist', readdirSync(join(folder, 'dist')).find((name) => name.endsWith('unpacked')) ?? '')
    archive = join(unpacked, 'resources', 'app.asar')
  }, 900_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('has its fuses as the decision says', async () => {
    const wire = await getCurrentFuseWire(join(unpacked, 'provscope'))
    const on = (fuse: FuseV1Options): boolean => wire[fuse] === FuseState.ENABLE
    expect({
      runAsNode: on(FuseV1Options.RunAsNode),
      nodeOptions: on(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      inspect: on(FuseV1Options.EnableNodeCliInspectArguments),
      file: on(FuseV1Options.GrantFileProtocolExtraPrivileges),
      cookies: on(FuseV1Options.EnableCookieEncryption),
      integrity: on(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
      onlyAsar: on(FuseV1Options.OnlyLoadAppFromAsar)
    }).toEqual({ runAsNode: false, nodeOptions: false, inspect: false, file: false, cookies: true, integrity: true, onlyAsar: true })
  })

  test('holds the built app and what its engine imports, and nothing of its making', () => {
    const files = new Set(asar.listPackage(archive))
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> }
    for (const path of ['/package.json', '/LICENSE', '/out/main/index.js', '/out/main/engineEntry.js', '/out/main/readerWorker.js', '/out/main/intakeWorker.js', '/out/main/recordingWorker.js', '/out/preload/index.cjs', '/out/renderer/index.html', '/out/renderer/about.json', '/resources/icon.png', ...Object.keys(dependencies).map((name) => `/node_modules/${name}/package.json`)]) expect([path, files.has(path)]).toEqual([path, true])
    expect([...files].filter((path) => /^\/(src|bench|e2e|docs|bin|types|examples|dist|test-results)(\/|$)|\.map$|\.ts$|^\/node_modules\/(electron|typescript|react|vite|vitest|playwright|@types)(\/|$)/.test(path) && !/@types/.test(path))).toEqual([])
  })

  test('leaves native code and the sample outside of the archive, where the system finds them', () => {
    const outside = readdirSync(`${archive}.unpacked`, { recursive: true, encoding: 'utf8' })
    expect(outside).toContain(join('resources', 'samples', 'weather_stations.jsonl'))
    expect(outside.filter((path) => path.endsWith('.node')).map((path) => path.split('/').slice(0, 3).join('/'))).toEqual(expect.arrayContaining([expect.stringContaining('@duckdb'), expect.stringContaining('lmdb')]))
    const header = JSON.parse(asar.getRawHeader(archive).headerString) as Tree
    expect(leaves(header).filter(({ name, file }) => /\.(node|so)$/.test(name) && file.unpacked !== true)).toEqual([])
  })

  test('says of every file in the archive which bytes it has, for Electron to check', () => {
    const { headerString } = asar.getRawHeader(archive)
    const files = leaves(JSON.parse(headerString) as Tree)
    expect(files.filter(({ file }) => file.link === undefined && file.integrity?.algorithm !== 'SHA256').map(({ name }) => name)).toEqual([])
    expect(createHash('sha256').update(headerString).digest('hex')).toHaveLength(64)
  })

  test('runs: the shell from the packed files opens the sample with the engine from the packed files', async () => {
    const to = join(folder, 'app.asar')
    asar.extractAll(archive, to)
    cpSync(`${archive}.unpacked`, to, { recursive: true })
    const shell = await startShell({ packaged: true, folder: to })
    try {
      const opened = await shell.call<{ sourceId: string }>('sources.openSample')
      expect(opened).toMatchObject({ ok: true })
      await expect.poll(async () => {
        const reply = await shell.call<{ sources: { state: string; counts: { tasks: number } }[] }>('sources.list')
        return reply.ok ? reply.value.sources.map(({ state, counts }) => [state, counts.tasks > 0]) : []
      }, { timeout: 60_000 }).toEqual([['ready', true]])
    } finally {
      shell.electron.app.quit()
      await shell.electron.app.untilExit()
      shell.electron.dispose()
    }
  }, 180_000)
})

type Leaf = { size?: number; unpacked?: boolean; link?: string; integrity?: { algorithm: string } }
type Tree = { files: Record<string, Tree | Leaf> }
const leaves = (tree: Tree): { name: string; file: Leaf }[] => Object.entries(tree.files).flatMap(([name, entry]) => ('files' in entry ? leaves(entry) : [{ name, file: entry }]))

/** The text by which a fuse wire is found in Electron's program. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'

/** What electron-builder needs to find of an Electron; its program is nothing but the wire of a real one, with the fuses as they are delivered. */
function standInBinary(folder: string): string {
  mkdirSync(join(folder, 'resources'), { recursive: true })
  mkdirSync(join(folder, 'locales'))
  const wire = Buffer.concat([Buffer.from(sentinel), Buffer.from([1, 9]), Buffer.from('101100101', 'latin1')])
  writeFileSync(join(folder, 'electron'), Buffer.concat([Buffer.from('\x7fELF', 'latin1'), Buffer.alloc(4096), wire, Buffer.alloc(4096)]), { mode: 0o755 })
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'version', 'chrome-sandbox', 'locales/en-US.pak']) writeFileSync(join(folder, name), '')
  return folder
}
