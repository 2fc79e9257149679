/** What lies in the folder of a frame log: segment files named by the number of their first entry, and a file a cursor. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export type SegmentFile = { readonly path: string; readonly firstSeq: number }

export function segmentPath(folder: string, firstSeq: number): string {
  return join(folder, `${String(firstSeq).padStart(16, '0')}.frames`)
}

/** In order; none where there is no folder. */
export async function listSegments(folder: string): Promise<SegmentFile[]> {
  return segmentsAmong(folder, await namesIn(folder))
}

export function segmentsAmong(folder: string, names: readonly string[]): SegmentFile[] {
  return names
    .filter((name) => /^\d{16}\.frames$/.test(name))
    .toSorted()
    .map((name) => ({ path: join(folder, name), firstSeq: Number(name.slice(0, 16)) }))
}

/** The entry up to which all is done with; null for a cursor that is new. */
export async function readCursor(folder: string, name: string): Promise<number | null> {
  try {
    const seq = Number(await readFile(cursorPath(folder, name), 'utf8'))
    return Number.isSafeInteger(seq) && seq >= 0 ? seq : null
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Whole at any moment: written beside it and renamed. */
export async function writeCursor(folder: string, name: string, seq: number): Promise<void> {
  const path = cursorPath(folder, name)
  await mkdir(cursorFolder(folder), { recursive: true })
  await writeFile(`${path}.new`, String(seq))
  await rename(`${path}.new`, path)
}

export async function removeCursor(folder: string, name: string): Promise<void> {
  await rm(cursorPath(folder, name), { force: true })
}

export async function readCursors(folder: string): Promise<number[]> {
  const names = (await namesIn(cursorFolder(folder))).filter((name) => name.endsWith('.cursor'))
  const seqs = await Promise.all(names.map(async (name) => await readCursor(folder, name.slice(0, -'.cursor'.length))))
  return seqs.filter((seq) => seq !== null)
}

/** Removes the segments that every cursor has passed; the last one stays, as it is being written and says which numbers were used. */
export async function removePassed(folder: string): Promise<void> {
  const [segments, cursors] = await Promise.all([listSegments(folder), readCursors(folder)])
  if (cursors.length === 0) return
  const passed = Math.min(...cursors)
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1]
    if (next && next.firstSeq <= passed + 1) await rm(segment.path, { force: true })
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'ENOENT'
}

/** Beside the segments, so that a commit does not wake those who wait for entries. */
function cursorFolder(folder: string): string {
  return join(folder, 'cursors')
}

function cursorPath(folder: string, name: string): string {
  if (!/^[\w.-]+$/.test(name)) throw new Error(`A cursor cannot be named ${JSON.stringify(name)}`)
  return join(cursorFolder(folder), `${name}.cursor`)
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}
