/** A file that is there whole or not at all. */
import { randomBytes } from 'node:crypto'
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { Refusal } from '#contract/reply'

/**
 * Lets `write` fill a part beside the target, `<target>.<random>.part`, puts it on disk and then in the target's place. If
 * anything fails, or the signal is aborted, the part goes and what was at the target stays.
 * @param isClosed the part is filled by its name, not through the sink: another hand opens it
 * @throws Refusal with a sentence for what a person can do something about
 */
export async function writeWhole<T>(target: string, signal: AbortSignal, write: (sink: (bytes: Uint8Array) => Promise<void>, part: string) => Promise<T>, { isClosed = false } = {}): Promise<T> {
  const part = `${target}.${randomBytes(4).toString('hex')}.part`
  try {
    if (await isFolder(target)) throw new Refusal('bad-request', `${target} is a folder.`)
    const file = await open(part, 'wx')
    try {
      if (isClosed) await file.close()
      const result = await write((bytes) => put(file, bytes, signal), part)
      await (isClosed ? syncAt(part) : file.sync())
      if (!isClosed) await file.close()
      if (signal.aborted) throw new Refusal('cancelled', 'The export was cancelled.')
      await rename(part, target)
      return result
    } catch (error) {
      // Closed already where renaming failed; then this does nothing.
      await file.close().catch(() => undefined)
      await rm(part, { force: true })
      throw error
    }
  } catch (error) {
    throw explained(error, target)
  }
}

async function syncAt(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A file that is written where it lies, for who reads along; what was there before goes. @throws Refusal as `writeWhole` */
export async function writeGrowing<T>(target: string, write: (sink: (bytes: Uint8Array) => Promise<void>) => Promise<T>): Promise<T> {
  try {
    const file = await open(target, 'w')
    try {
      const result = await write((bytes) => put(file, bytes, new AbortController().signal))
      await file.sync()
      return result
    } finally {
      await file.close()
    }
  } catch (error) {
    throw explained(error, target, 'What had been written before is there')
  }
}

async function put(file: FileHandle, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    if (signal.aborted) throw new Refusal('cancelled', 'The export was cancelled.')
    const { bytesWritten } = await file.write(bytes, at, Math.min(bytes.length - at, 4 << 20))
    at += bytesWritten
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

const reasons: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  EACCES: 'there is no permission to write there',
  EPERM: 'there is no permission to write there',
  EROFS: 'that disk is read-only',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder is a file',
  EBUSY: 'another program holds the file',
  EFBIG: 'that disk does not take files so large',
  ENAMETOOLONG: 'the name is too long'
}

const saidBySystem: Record<string, string | undefined> = {
  'No space left on device': reasons['ENOSPC'],
  'not enough space': reasons['ENOSPC'],
  'Disk quota exceeded': reasons['EDQUOT'],
  'Permission denied': reasons['EACCES'],
  'Read-only file system': reasons['EROFS'],
  'File too large': reasons['EFBIG']
}

function explained(error: unknown, target: string, left = 'Nothing was left behind'): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  // DuckDB says it in words: `IO Error: Could not write file "…": No space left on device`.
  const said = error instanceof Error && error.message.startsWith('IO Error') ? Object.entries(saidBySystem).find(([words]) => error.message.includes(words))?.[1] : undefined
  const reason = code === undefined ? said : reasons[code]
  if (reason === undefined) return error
  return new Refusal('unavailable', `${basename(target)} could not be written in ${dirname(target)}: ${reason}. ${left}.`)
}
