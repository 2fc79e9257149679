/** From what the user named (files, folders, globs, `-`) to the files that are read as one source. */
import { constants } from 'node:fs'
import { access, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { Refusal } from '#contract/reply'
import { glob, isGlob } from './glob.ts'

export type FoundFile = {
  readonly path: string
  /** For people: the file's name, with its folder where several files of the source share the name. */
  readonly name: string
  readonly sizeBytes: number
  /** Epoch seconds. */
  readonly modifiedAt: number
}

/** A file of a folder or glob that is left out, and why, as a sentence. */
export type LeftOut = { readonly path: string; readonly name: string; readonly reason: string }

export type Expansion = {
  readonly kind: 'file' | 'files' | 'folder' | 'stdin'
  readonly name: string
  /** Where it lies, for people. */
  readonly path: string
  /** In the order in which they are read. Empty for standard input. */
  readonly files: readonly FoundFile[]
  readonly leftOut: readonly LeftOut[]
}

const bufferName = /\.(jsonl|ndjson)(\.gz|\.zst)?$/i
/** Looking for buffers below a folder ends here: a home folder given by mistake should not be searched for minutes. */
const maxEntries = 200_000

export function isBufferName(name: string): boolean {
  return bufferName.test(name)
}

/** In natural order: `part_2` before `part_10`. */
export function naturally(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
}

/**
 * Files keep the order in which they were named; those of one folder or glob are in natural order.
 * @throws Refusal with a sentence for a person
 */
export async function expandSources(named: readonly string[], folder: string, signal?: AbortSignal): Promise<Expansion> {
  if (named.includes('-')) {
    if (named.length > 1) throw new Refusal('bad-request', 'Standard input cannot be opened together with files.')
    return { kind: 'stdin', name: 'standard input', path: '-', files: [], leftOut: [] }
  }
  const found = new Map<string, FoundFile>()
  const leftOut: LeftOut[] = []
  let kind: Expansion['kind'] = named.length > 1 ? 'files' : 'file'
  for (const one of named) {
    const several = await expandOne(one, folder, signal)
    if (several.kind !== 'file' && named.length === 1) kind = several.kind
    for (const path of several.paths) {
      const file = await look(path)
      if ('reason' in file && several.kind === 'file') throw new Refusal('unavailable', file.reason)
      if ('reason' in file) leftOut.push(file)
      else if (!found.has(file.real)) found.set(file.real, file)
    }
  }
  if (found.size === 0) throw new Refusal('unavailable', leftOut[0]?.reason ?? `There is nothing to open in ${named.join(', ')}.`)
  const files = withTellingNames([...found.values()].map(({ path, name, sizeBytes, modifiedAt }) => ({ path, name, sizeBytes, modifiedAt })))
  return { ...title(named, folder, kind, files), files, leftOut }
}

async function expandOne(named: string, folder: string, signal?: AbortSignal): Promise<{ kind: 'file' | 'files' | 'folder'; paths: string[] }> {
  const path = resolve(folder, named)
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error)
  if (found instanceof Error && isGlob(named) && found.code === 'ENOENT') {
    const paths = (await glob(named, folder)).sort(naturally)
    if (paths.length === 0) throw new Refusal('unavailable', `No file matches ${named}.`)
    const buffers = await Promise.all(paths.map(async (match) => ((await stat(match).catch(() => null))?.isDirectory() ? null : match)))
    const files = buffers.filter((match) => match !== null)
    if (files.length === 0) throw new Refusal('unavailable', `${named} matches folders only. Name one of them, or add /*.jsonl.`)
    return { kind: 'files', paths: files }
  }
  if (found instanceof Error) throw new Refusal('unavailable', whyNot(found, path))
  if (!found.isDirectory()) return { kind: 'file', paths: [path] }
  return { kind: 'folder', paths: await buffersOf(path, signal) }
}

async function buffersOf(folder: string, signal?: AbortSignal): Promise<string[]> {
  const here = await listing(folder)
  const direct = here.filter((entry) => !entry.isDirectory() && isBufferName(entry.name)).map((entry) => join(folder, entry.name))
  if (direct.length > 0) return direct.sort(naturally)
  if (here.length === 0) throw new Refusal('unavailable', `The folder ${folder} is empty.`)
  const below = await buffersBelow(folder, signal)
  if (below.length > 0) return below.sort((a, b) => naturally(relative(folder, a), relative(folder, b)))
  throw new Refusal('unavailable', `The folder ${folder} has no buffer files (*.jsonl, *.jsonl.gz, *.jsonl.zst, *.ndjson), and neither have its subfolders.`)
}

async function buffersBelow(folder: string, signal?: AbortSignal): Promise<string[]> {
  const found: string[] = []
  const open = [folder]
  let seen = 0
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    signal?.throwIfAborted()
    const entries = await readdir(next, { withFileTypes: true }).catch(() => [])
    seen += entries.length
    if (seen > maxEntries) throw new Refusal('unavailable', `The folder ${folder} holds more than ${maxEntries.toLocaleString('en')} entries and no buffer on top. Name the folder that has the buffers.`)
    for (const entry of entries) {
      if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules') open.push(join(next, entry.name))
      else if (!entry.isDirectory() && isBufferName(entry.name)) found.push(join(next, entry.name))
    }
  }
  return found
}

async function listing(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    throw new Refusal('unavailable', whyNot(error as NodeJS.ErrnoException, folder))
  }
}

async function look(path: string): Promise<(FoundFile & { real: string }) | LeftOut> {
  const name = basename(path)
  try {
    const found = await stat(path)
    if (!found.isFile()) return { path, name, reason: notAFile(path, found) }
    await access(path, constants.R_OK)
    return { path, name, sizeBytes: found.size, modifiedAt: found.mtimeMs / 1000, real: await realpath(path) }
  } catch (error) {
    return { path, name, reason: whyNot(error as NodeJS.ErrnoException, path) }
  }
}

/** Files that share a name get their folder's before it. */
export function withTellingNames<F extends { name: string; path: string }>(files: readonly F[]): F[] {
  const times = new Map<string, number>()
  for (const file of files) times.set(file.name, (times.get(file.name) ?? 0) + 1)
  return files.map((file) => ((times.get(file.name) ?? 0) > 1 ? { ...file, name: join(basename(dirname(file.path)), file.name) } : file))
}

/** The operating system's error as a sentence. */
export function whyNot(error: NodeJS.ErrnoException, path: string): string {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return `There is no file or folder ${path}.`
  if (error.code === 'EACCES' || error.code === 'EPERM') return `You may not read ${path}: permission denied.`
  if (error.code === 'ELOOP') return `${path} is a link that leads back to itself.`
  if (error.code === 'EMFILE' || error.code === 'ENFILE') return `Too many files are open to open ${path} too.`
  return `${path} could not be read: ${error.message}.`
}

function notAFile(path: string, found: { isFIFO(): boolean; isSocket(): boolean; isDirectory(): boolean }): string {
  if (found.isDirectory()) return `${path} is a folder.`
  if (found.isFIFO()) return `${path} is a named pipe, not a file. Send it through standard input: provscope open - < ${path}`
  if (found.isSocket()) return `${path} is a socket, not a file.`
  return `${path} is a device, not a file. Send it through standard input: provscope open - < ${path}`
}

function title(named: readonly string[], folder: string, kind: Expansion['kind'], files: readonly FoundFile[]): Pick<Expansion, 'kind' | 'name' | 'path'> {
  const [only] = files
  if (kind === 'folder') {
    const path = resolve(folder, named[0] ?? '')
    return { kind, name: `${basename(path) || path}/`, path }
  }
  if (only !== undefined && files.length === 1) return { kind: 'file', name: basename(only.path), path: only.path }
  const folders = new Set(files.map((file) => dirname(file.path)))
  const path = folders.size === 1 ? ([...folders][0] ?? '') : commonFolder([...folders])
  return { kind: 'files', name: named.length === 1 ? basename(named[0] ?? '') : `${basename(only?.path ?? '')} and ${files.length - 1} more`, path }
}

function commonFolder(folders: string[]): string {
  let common = folders[0] ?? ''
  while (!folders.every((folder) => folder === common || !relative(common, folder).startsWith('..'))) {
    const up = dirname(common)
    if (up === common) break
    common = up
  }
  return common
}

const collator = new Intl.Collator('en', { numeric: true })
