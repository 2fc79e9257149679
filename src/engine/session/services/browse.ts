/** Folders of the machine the engine runs on, for hosts without native dialogs. */
import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Params, Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import { isBufferName, naturally, whyNot } from '#engine/sources/expand'
import type { Grants } from './grants.ts'

type Listing = Result<'files.browse'>
type Found = { name: string; path: string; kind: Listing['entries'][number]['kind'] }

const lmdbFile = 'data.mdb'
/** Of st_blocks: an LMDB file may have room that it does not use. */
const blockBytes = 512
const kinds = ['folder', 'lmdb', 'buffer', 'other'] as const

/** Folders first, then LMDB folders, buffers and the rest, each in natural order; hidden ones are left out. */
export async function browseFolder({ handle, offset, limit }: Params<'files.browse'>, grants: Grants, startFolder: string): Promise<Listing> {
  const path = handle === undefined ? startFolder : grants.path(handle, 'read')
  const found = (await listing(path)).sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || naturally(a.name, b.name))
  const entries = await Promise.all(found.slice(offset, offset + limit).map((entry) => described(entry, grants)))
  const parent = dirname(path)
  return { path, handle: grants.grant(path, 'read'), parent: parent === path ? null : grants.grant(parent, 'read'), total: found.length, entries }
}

async function listing(folder: string): Promise<Found[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new Refusal('unavailable', error.code === 'ENOTDIR' ? `${folder} is a file, not a folder.` : whyNot(error, folder))
  })
  const shown = entries.filter((entry) => !entry.name.startsWith('.'))
  return Promise.all(
    shown.map(async (entry) => {
      const path = join(folder, entry.name)
      const target = entry.isSymbolicLink() ? await stat(path).catch(() => null) : entry
      const isFile = target?.isFile() ?? false
      if (target?.isDirectory() === true) return { name: entry.name, path, kind: (await holdsLmdb(path)) ? 'lmdb' : 'folder' }
      return { name: entry.name, path, kind: isFile && isBufferName(entry.name) ? 'buffer' : 'other' }
    })
  )
}

/** By the name of its file alone: what it holds is looked at when it is opened. */
async function holdsLmdb(folder: string): Promise<boolean> {
  return (await stat(join(folder, lmdbFile)).catch(() => null))?.isFile() === true
}

async function described({ name, path, kind }: Found, grants: Grants): Promise<Listing['entries'][number]> {
  // Gone since the folder was listed, or a link that leads nowhere: shown all the same.
  const found = await stat(kind === 'lmdb' ? join(path, lmdbFile) : path).catch(() => null)
  return { handle: grants.grant(path, 'read'), name, kind, sizeBytes: found?.isFile() !== true ? 0 : kind === 'lmdb' ? Math.min(found.size, found.blocks * blockBytes || found.size) : found.size, modifiedAt: (found?.mtimeMs ?? 0) / 1000 }
}
