/**
 * The packages that Provscope is made of, with their licences: those that the page's bundle holds, and those that the engine imports, with
 * all that they need. Read from what is installed; written beside the page, which shows it in About.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'

/** @typedef {{ name: string, version: string, licence: string, where: string, home: string | null, text: number | null }} Package */

/**
 * @param {string} root folder of Provscope's package.json; given, since this module is bundled into others
 * @param {Iterable<string>} bundled paths of modules that were bundled into the page
 * @returns {{ version: string, commit: string | null, texts: string[], packages: Package[] }} `text` of a package is its place among the texts
 */
export function about(root, bundled) {
  const folders = new Map()
  for (const path of bundled) {
    const folder = packageFolder(path)
    if (folder !== null) folders.set(folder, 'page')
  }
  for (const folder of neededBy(root)) folders.set(folder, folders.has(folder) ? 'page and engine' : 'engine')
  const electron = join(root, 'node_modules', 'electron')
  if (existsSync(electron)) folders.set(realpathSync(electron), 'desktop')
  const texts = new Map()
  const packages = [...folders].map(([folder, where]) => describe(folder, where, texts)).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1))
  const { version } = manifestOf(root)
  return { version, commit: commit(root), texts: [...texts.keys()], packages: packages.filter((one, index) => index === 0 || one.name !== packages[index - 1].name || one.version !== packages[index - 1].version) }
}

/** For electron.vite.config.ts: lays about.json beside the built page. */
export function aboutPlugin(root) {
  return {
    name: 'provscope-about',
    apply: 'build',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((chunk) => (chunk.type === 'chunk' ? Object.keys(chunk.modules) : (chunk.originalFileNames ?? [])))
      const known = [...this.getModuleIds(), ...modules]
      this.emitFile({ type: 'asset', fileName: 'about.json', source: JSON.stringify(about(root, known)) })
    }
  }
}

/** The innermost package that a module lies in. */
function packageFolder(path) {
  const parts = path.replace(/^\0/, '').split('?')[0].split(/[\\/]/)
  const at = parts.lastIndexOf('node_modules')
  if (at < 0 || parts[at + 1] === undefined) return null
  const length = parts[at + 1].startsWith('@') ? 3 : 2
  const folder = parts.slice(0, at + length).join(sep)
  return existsSync(join(folder, 'package.json')) ? realpathSync(folder) : null
}

/** All that a package needs to run, as it is installed; optional ones that are not, are not part of this installation. */
function neededBy(root) {
  const found = new Set()
  const visit = (folder) => {
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = manifestOf(folder)
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...(folder === root ? {} : peersThatMustBe(folder, peerDependencies)) })) {
      const next = resolveFrom(folder, name, root)
      if (next !== null && !found.has(next)) {
        found.add(next)
        visit(next)
      }
    }
  }
  visit(root)
  // Declarations are for compilers; nothing of them runs.
  return [...found].filter((folder) => !folder.includes(`${sep}@types${sep}`) && !folder.endsWith(`${sep}undici-types`))
}

function peersThatMustBe(folder, peers) {
  const { peerDependenciesMeta = {} } = manifestOf(folder)
  return Object.fromEntries(Object.entries(peers).filter(([name]) => peerDependenciesMeta[name]?.optional !== true))
}

function resolveFrom(folder, name, root) {
  for (let at = folder; ; at = dirname(at)) {
    const candidate = join(at, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate)
    if (dirname(at) === at || at === root) return null
  }
}

function describe(folder, where, texts) {
  const { name, version, license, licenses, homepage, repository } = manifestOf(folder)
  const file = readdirSync(folder).filter((entry) => /^(licen[cs]e|copying)([-.].*)?$/i.test(entry)).sort()[0]
  const text = file === undefined ? null : readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim()
  if (text !== null && !texts.has(text)) texts.set(text, texts.size)
  const address = homepage ?? (typeof repository === 'string' ? repository : repository?.url)
  return { name, version, licence: licenceName(license ?? licenses), where, home: typeof address === 'string' ? address.replace(/^git\+/, '').replace(/\.git$/, '') : null, text: text === null ? null : texts.get(text) }
}

function licenceName(licence) {
  if (typeof licence === 'string') return licence
  if (Array.isArray(licence)) return licence.map(licenceName).join(' OR ')
  return typeof licence?.type === 'string' ? licence.type : 'not said'
}

const manifests = new Map()
function manifestOf(folder) {
  if (!manifests.has(folder)) manifests.set(folder, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
  return manifests.get(folder)
}

/** Null where the sources are no checkout. */
function commit(root) {
  try {
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return null
  }
}
