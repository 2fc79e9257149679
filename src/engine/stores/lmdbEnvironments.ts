/**
 * LMDB environments of this thread, each opened once: the library, in its build for data format v1, never lets go of a data file, its
 * lock file and its address space, so that what is opened again and again would end in "Cannot allocate memory". One that nobody uses
 * holds no snapshot and no lock.
 */
import { existsSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { open, type RootDatabase } from 'lmdb'
import type { LmdbFormat } from './lmdbFormat.ts'
import { makeFolder } from './makeFolder.ts'

export type EnvironmentWanted = { readonly path: string; readonly format: LmdbFormat; readonly readOnly: boolean; readonly mapSizeBytes: number | undefined }

/** As Flowcept's: only address space, not disk. */
const flowceptMapBytes = 1e12
/** Who only reads maps what is there and much of what may come, since a process has room for some hundred maps as large as Flowcept's. */
const leastReadMapBytes = 16 * 2 ** 30
const readMapFactor = 4

const opened = new Map<string, { readonly environment: RootDatabase; readonly mapBytes: number }>()

/** Makes the folder and the environment in it, unless it is for reading only. */
export function openEnvironment({ format, mapSizeBytes, path, readOnly }: EnvironmentWanted): RootDatabase {
  if (!readOnly) makeFolder(path)
  const usedBytes = format.state === 'v1' ? format.usedBytes : 0
  const known = opened.get(keyOf(path, readOnly, mapSizeBytes))
  if (known && known.mapBytes >= usedBytes) return known.environment
  const mapBytes = mapSizeBytes ?? (readOnly ? Math.max(leastReadMapBytes, readMapFactor * usedBytes) : flowceptMapBytes)
  // overlappingSync would return from a commit before it is on disk.
  const environment = open({ path, mapSize: mapBytes, maxDbs: 8, noSubdir: false, readOnly, overlappingSync: false, commitDelay: 0 })
  // Only now: one that was just made has a file of its own.
  opened.set(keyOf(path, readOnly, mapSizeBytes), { environment, mapBytes })
  return environment
}

/** A folder that was replaced by another is another environment. */
function keyOf(path: string, readOnly: boolean, mapSizeBytes: number | undefined): string {
  const file = join(path, 'data.mdb')
  const inode = existsSync(file) ? statSync(file, { bigint: true }) : null
  const place = existsSync(path) ? realpathSync(path) : path
  return JSON.stringify([place, String(inode?.dev), String(inode?.ino), readOnly, mapSizeBytes])
}
