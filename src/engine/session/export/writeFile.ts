/** One file from its first byte to the files beside it: written, read back, given its manifest, and only then put in its place. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename } from 'node:path'
import type { ExportCheck, ExportJob } from '#contract/exports'
import { Refusal } from '#contract/reply'
import { writeGrowing, writeWhole } from './writeWhole.ts'
import type { Progress, Writing } from './writing.ts'

type Change = (change: Partial<ExportJob>) => void

/** Beside the export of a source of which something is missing. */
export const gapsPath = (path: string): string => `${path}.gaps.json`
export const manifestPath = (path: string): string => `${path}.manifest.json`

/** @throws what writing throws, and Refusal if what was read back differs; then nothing of it is left */
export async function writeFile(writing: Writing, { onChange, signal, target }: { target: string; signal: AbortSignal; onChange: Change }): Promise<Partial<ExportJob>> {
  onChange({ totalRows: await writing.countRows(signal) })
  const fill = (sink: (bytes: Uint8Array) => Promise<void>, path: string): Promise<Progress> => writing.write(sink, { signal, path, onProgress: onChange })
  if (writing.isGrowing === true) return { ...(await writeGrowing(target, (sink) => fill(sink, target))), gaps: await writeGaps(target, writing.gaps) }
  const beside: string[] = []
  try {
    const finish = async (sink: (bytes: Uint8Array) => Promise<void>, part: string): Promise<Partial<ExportJob>> => {
      const written = await fill(sink, part)
      const checks = writing.check ? await checked(writing.check, { part, signal, onChange, written }) : []
      const manifest = writing.manifest ? await writing.manifest({ ...written, name: basename(target), sha256: await sha256Of(part, signal), checks }) : null
      if (manifest !== null) {
        beside.push(manifestPath(target))
        await writeText(manifestPath(target), manifest)
      }
      return { ...written, checks, manifest }
    }
    const result = await writeWhole(target, signal, finish, { isClosed: writing.fillsPath === true })
    if (writing.manifest === undefined) await rm(manifestPath(target), { force: true })
    return { ...result, gaps: await writeGaps(target, writing.gaps) }
  } catch (error) {
    for (const path of beside) await rm(path, { force: true })
    throw error
  }
}

export async function sha256Of(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(path, { highWaterMark: 1 << 20, signal })) hash.update(bytes as Buffer)
  return hash.digest('hex')
}

async function checked(check: NonNullable<Writing['check']>, { onChange, part, signal, written }: { part: string; signal: AbortSignal; onChange: Change; written: Progress }): Promise<ExportCheck[]> {
  onChange({ ...written, state: 'checking' })
  const checks = await check(part, { signal, onProgress: (rows) => onChange({ rows }) })
  const wrong = checks.find(({ ok }) => !ok)
  if (wrong) {
    onChange({ checks })
    throw new Refusal('unavailable', `What was read back is not what was shown: ${wrong.what} should be ${wrong.expected}, found ${wrong.found}. Nothing was left behind.`)
  }
  return checks
}

/** Returns what the file beside the export is called, if there is one. One of an earlier export in the same place goes. */
export async function writeGaps(target: string, gaps: Writing['gaps']): Promise<string | null> {
  if (!gaps) return null
  const path = gapsPath(target)
  const text = await gaps()
  if (text === null) {
    await rm(path, { force: true })
    return null
  }
  await writeText(path, text)
  return basename(path)
}

export async function writeText(path: string, text: string): Promise<void> {
  await writeWhole(path, new AbortController().signal, (sink) => sink(Buffer.from(text)))
}
