/** Deletes buffer files, and refuses what is none. */
import { lstat, open } from 'node:fs/promises'
import { basename } from 'node:path'
import { Refusal } from '#contract/reply'
import { isBufferName, whyNot } from '#engine/sources/expand'
import { encodingOf, magicBytes } from '#engine/sources/magic'
import { checkBuffer } from '../live/targets.ts'
import type { FileMark } from './bufferLines.ts'
import { letGo } from './letGo.ts'

export type DeletableBuffer = { readonly path: string; readonly sizeBytes: number; readonly mark: FileMark }

/** What would go. @throws Refusal for the first that is no buffer file */
export async function deletableBuffers(paths: readonly string[]): Promise<DeletableBuffer[]> {
  const found: DeletableBuffer[] = []
  for (const path of new Set(paths)) {
    const mark = await lstat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
      throw new Refusal('not-found', whyNot(error, path))
    })
    if (mark.isSymbolicLink()) throw new Refusal('bad-request', `${path} is a link: name the file itself.`)
    if (!mark.isFile()) throw new Refusal('bad-request', `${path} is no file.`)
    await refuseOthers(path)
    found.push({ path, sizeBytes: Number(mark.size), mark })
  }
  return found
}

/** @returns what was left, and why */
export async function deleteBuffers(buffers: readonly DeletableBuffer[]): Promise<{ path: string; why: string }[]> {
  const left: { path: string; why: string }[] = []
  for (const { mark, path } of buffers) {
    const why = await letGo(path, mark)
    if (why !== null) left.push({ path, why })
  }
  return left
}

async function refuseOthers(path: string): Promise<void> {
  if (!isBufferName(basename(path))) throw new Refusal('bad-request', `${path} is no buffer file: those are named *.jsonl or *.ndjson, or so and .gz or .zst.`)
  if (!/\.(gz|zst)$/i.test(path)) return void (await checkBuffer(path))
  const file = await open(path, 'r')
  try {
    const { buffer } = await file.read(Buffer.alloc(magicBytes), 0, magicBytes, 0)
    if (encodingOf(buffer) === 'plain') throw new Refusal('bad-request', `${path} is not compressed as its name says: it may be something else.`)
  } finally {
    await file.close()
  }
}
