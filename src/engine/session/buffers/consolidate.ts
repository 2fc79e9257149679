/**
 * Joins the buffer files of one run, as `Flowcept.read_buffer_file(consolidate=True)` means to: exactly that run's, in the order of time,
 * byte for byte; written beside and read back before it takes its place; and only then, if asked to, the files go that are in it.
 * It can be stopped or killed anywhere and done again: a line that is joined already is not joined twice.
 */
import { lstat, readdir, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { Refusal } from '#contract/reply'
import { checkBuffer } from '../live/targets.ts'
import { writeWhole } from '../export/writeWhole.ts'
import { type BufferFile, checkWorkflowId, findBuffers, joinedName } from './bufferFiles.ts'
import { bufferLines, type FileMark, lineName, LineSum } from './bufferLines.ts'
import { letGo } from './letGo.ts'
import { oneAtATime } from './oneAtATime.ts'
import { inOrderOfTime } from './orderOfTime.ts'

export type ConsolidateOptions = {
  readonly base: string
  readonly workflowId: string
  /** Instead of beside the others. */
  readonly to?: string | undefined
  readonly dryRun?: boolean
  /** Deletes what was joined and verified: all, or these names alone. */
  readonly cleanup?: boolean | readonly string[]
  readonly signal?: AbortSignal
  readonly onProgress?: (lines: number, totalLines: number) => void
  /** For tests: told before each step that changes something. */
  readonly beforeStep?: (step: 'write' | 'replace' | 'delete' | 'unlink', name: string) => void
}

export type ConsolidatedFile = Pick<BufferFile, 'name' | 'sizeBytes' | 'lines' | 'isCutShort' | 'evidence'> & {
  readonly deleted: boolean
  /** Why it was not deleted though it was to be. */
  readonly kept: string | null
}
export type Consolidation = {
  readonly target: string
  readonly files: readonly ConsolidatedFile[]
  /** Lines of the result; those of it that came from the files now; those of the files that it held already; those that it holds more than once. */
  readonly lines: number
  readonly added: number
  readonly already: number
  readonly repeated: number
  readonly written: boolean
  /** Order-independent sum of the lines, in hexadecimal: as read, and as read back. */
  readonly sum: string
  readonly unclear: readonly { readonly name: string; readonly why: string }[]
}

/** @throws Refusal where there is nothing to join, something else lies at the target, or the result is not what was read */
export async function consolidate(options: ConsolidateOptions): Promise<Consolidation> {
  checkWorkflowId(options.workflowId)
  const base = resolve(options.base)
  const target = options.to === undefined ? join(dirname(base), joinedName(base, options.workflowId)) : resolve(options.to)
  if (options.dryRun === true) return await joinFiles(options, base, target)
  return await oneAtATime(target, async () => {
    await removeParts(target)
    return await joinFiles(options, base, target)
  })
}

/** What a process that was killed had written: nobody else writes there now. */
async function removeParts(target: string): Promise<void> {
  const folder = dirname(target)
  for (const name of await readdir(folder)) if (name.startsWith(`${basename(target)}.`) && /^[0-9a-f]{8}\.part$/.test(name.slice(basename(target).length + 1))) await rm(join(folder, name), { force: true })
}

async function joinFiles(options: ConsolidateOptions, base: string, target: string): Promise<Consolidation> {
  const { cleanup = false, dryRun = false, signal = new AbortController().signal, beforeStep = () => undefined, onProgress = () => undefined } = options
  const { runs, unclear } = await findBuffers(base, signal)
  const run = runs.find(({ workflowId }) => workflowId === options.workflowId)
  const all = run ? [...(run.joined ? [run.joined] : []), ...run.files] : []
  const files = all.filter(({ path }) => path !== target)
  const there = (await checkBuffer(target)) !== null
  if ((await lstat(target).catch(() => null))?.isSymbolicLink() === true) throw new Refusal('bad-request', `${target} is a link: name the file itself.`)
  if (files.length === 0 && !there) throw new Refusal('not-found', `There is no buffer of workflow ${JSON.stringify(options.workflowId)} beside ${base}.`)

  const held = there ? await countLines(target, signal) : new Map<string, number>()
  const marks = new Map<string, FileMark>()
  const totalLines = files.reduce((sum, file) => sum + file.lines, 0)
  const figures = { added: 0, already: 0, repeated: 0 }
  const expected = new LineSum()
  const seen = new Map<string, number>()
  const joined = async function* (): AsyncGenerator<Buffer> {
    const left = new Map(held)
    const inputs = [...(there ? [target] : []), ...files.map(({ path }) => path)]
    let read = 0
    for await (const { bytes, input } of inOrderOfTime(inputs, (path, mark) => void marks.set(path, mark), signal)) {
      const name = lineName(bytes)
      if (input !== target) {
        onProgress(++read, totalLines)
        const times = left.get(name) ?? 0
        if (times > 0) {
          // As often as the result holds it already, it is that one.
          left.set(name, times - 1)
          figures.already++
          continue
        }
        figures.added++
      }
      const before = seen.get(name) ?? 0
      if (before > 0) figures.repeated++
      seen.set(name, before + 1)
      expected.add(bytes)
      yield bytes
    }
  }

  let written = false
  if (dryRun || (await addsNothing(files, held, signal))) for await (const bytes of joined()) void bytes
  else {
    beforeStep('write', basename(target))
    await writeWhole(target, signal, async (sink, part) => {
      let piece: Buffer[] = []
      let size = 0
      for await (const bytes of joined()) {
        piece.push(bytes, end)
        size += bytes.length + 1
        if (size < pieceBytes) continue
        await sink(Buffer.concat(piece))
        piece = []
        size = 0
      }
      await sink(Buffer.concat(piece))
      await verify(part, expected, signal)
      beforeStep('replace', basename(target))
    })
    written = true
  }
  if (!dryRun) await verify(target, expected, signal)
  const results: ConsolidatedFile[] = []
  for (const file of files) {
    const { evidence, isCutShort, lines, name, path, sizeBytes } = file
    const isWanted = cleanup === true || (Array.isArray(cleanup) && (cleanup as readonly string[]).includes(name))
    const kept = !isWanted || dryRun ? null : await letGo(path, marks.get(path) as FileMark, (step) => beforeStep(step, name))
    results.push({ name, sizeBytes, lines, isCutShort, evidence, deleted: isWanted && !dryRun && kept === null, kept })
  }
  return { target, files: results, lines: expected.lines, ...figures, written, sum: expected.text, unclear }
}

const end = Buffer.from('\n')
const pieceBytes = 1 << 20

async function countLines(path: string, signal: AbortSignal): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for await (const lines of bufferLines(path, undefined, signal)) {
    for (const { bytes } of lines) {
      const name = lineName(bytes)
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  }
  return counts
}

/** Whether the result holds all of their lines already, as often as they do: then it stays as it is, to the byte. */
async function addsNothing(files: readonly BufferFile[], held: ReadonlyMap<string, number>, signal: AbortSignal): Promise<boolean> {
  if (held.size === 0) return false
  const left = new Map(held)
  for (const { path } of files) {
    for await (const lines of bufferLines(path, undefined, signal)) {
      for (const { bytes } of lines) {
        const name = lineName(bytes)
        const times = left.get(name) ?? 0
        if (times === 0) return false
        left.set(name, times - 1)
      }
    }
  }
  return true
}

/** Read back from the disk. @throws Refusal if it is not what was read */
async function verify(path: string, expected: LineSum, signal: AbortSignal): Promise<void> {
  const found = new LineSum()
  for await (const lines of bufferLines(path, undefined, signal)) for (const { bytes } of lines) found.add(bytes)
  if (!found.equals(expected)) throw new Refusal('internal', `${path} is not what was read (${found.lines} lines, ${expected.lines} expected): nothing was deleted.`)
}

