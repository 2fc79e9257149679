/** Folders of the machine the engine runs on, for hosts without native dialogs. */
import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Params, Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import { isBufferName, naturally, whyNot } from '#engine/sources/expand'
import type { Grants } from './grants.ts'

type Listing = Result<'files.browse'>
type Found = { name: string; path: string; kind: Listing['entries'][number]['kind'] }

const kinds = ['folder', 'lmdb', 'buffer', 'other'] as const

/** Folders first, then buffers, then the rest, each in natural order; hidden ones are left out. */
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
      const kind = target?.isDirectory() === true ? 'folder' : isFile && isBufferName(entry.name) ? 'buffer' : 'other'
      return { name: entry.name, path, kind }
    })
  )
}

async function described({ name, path, kind }: Found, grants: Grants): Promise<Listing['entries'][number]> {
  // Gone since the folder was listed, or a link that leads nowhere: shown all the same.
  const found = await stat(path).catch(() => null)
  return { handle: grants.grant(path, 'read'), name, kind, sizeBytes: found?.isFile() === true ? found.size : 0, modifiedAt: (found?.mtimeMs ?? 0) / 1000 }
}
