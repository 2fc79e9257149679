/** Which files beside a buffer belong to which run: by the names that Flowcept gives them, and by what they hold. Never by a prefix alone. */
import type { Stats } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { isJsonObject, JsonSyntaxError, parseJson } from '#contract/json'
import { Refusal } from '#contract/reply'
import { naturally, whyNot } from '#engine/sources/expand'
import { bufferLines } from './bufferLines.ts'

export type BufferFile = {
  readonly name: string
  readonly path: string
  readonly sizeBytes: number
  readonly lines: number
  /** Its last line has no end and is no JSON: whoever wrote it was stopped, or is still writing. */
  readonly isCutShort: boolean
  /** What tells whose it is: its messages, or, where they name no run that could be, its name alone. */
  readonly evidence: 'messages' | 'name'
}
/** The buffers of one run, and where they are joined. */
export type BufferRun = { readonly workflowId: string; readonly base: string; readonly target: string; readonly joined: BufferFile | null; readonly files: readonly BufferFile[] }
export type FoundBuffers = { readonly folder: string; readonly runs: readonly BufferRun[]; readonly unclear: readonly { readonly name: string; readonly why: string }[] }

/** What a file is called from when it is to be deleted until it is. */
export const leavingEnding = '.deleting'

/** As Flowcept appends it to tell writers apart: process and thread. */
const writerId = /^\d+_\d+$/
const workflowField = /"workflow_id"\s*:\s*("(?:[^"\\]|\\.)*")/g

/** @param base the path that Flowcept was given, such as `runs/flowcept_buffer.jsonl` */
export async function findBuffers(base: string, signal?: AbortSignal): Promise<FoundBuffers> {
  const folder = dirname(base)
  const { ending, stem } = partsOf(base)
  const looked: Looked[] = []
  const unclear: { name: string; why: string }[] = []
  for (const name of (await namesIn(folder)).sort(naturally)) {
    const plain = name.endsWith(leavingEnding) ? name.slice(0, -leavingEnding.length) : name
    if (!plain.startsWith(`${stem}_`) || !plain.endsWith(ending)) continue
    const middle = plain.slice(stem.length + 1, plain.length - ending.length)
    if (middle === '') continue
    const path = join(folder, name)
    const found = await lstat(path).catch(() => null)
    if (found?.isFile() !== true) {
      if (found !== null) unclear.push({ name, why: found.isSymbolicLink() ? 'a link, whose file may lie anywhere' : 'no file' })
      continue
    }
    looked.push({ ...(await lookInto(path, found, signal)), name, middle })
  }
  const known = new Set(looked.flatMap(({ middle, workflows }) => [...workflows].filter((id) => belongs(middle, id))))
  const runs = new Map<string, Looked[]>()
  for (const file of looked) {
    const owner = ownerOf(file, known)
    if (owner === null) unclear.push({ name: file.name, why: file.lines === 0 ? 'empty' : 'its messages name no run that its name could mean' })
    else runs.set(owner, [...(runs.get(owner) ?? []), file])
  }
  return { folder, runs: [...runs].map(([workflowId, files]) => runOf({ workflowId, files, base })).sort((a, b) => naturally(a.workflowId, b.workflowId)), unclear }
}

/** The name of the file that the buffers of a run are joined in, as Flowcept has it. */
export function joinedName(base: string, workflowId: string): string {
  const { ending, stem } = partsOf(base)
  return `${stem}_${workflowId}${ending}`
}

/** @throws Refusal for an id that no file could be named by */
export function checkWorkflowId(workflowId: string): void {
  if (workflowId === '' || /[/\\\0]/.test(workflowId)) throw new Refusal('bad-request', `${JSON.stringify(workflowId)} is no workflow id that a file is named by.`)
}

type Looked = Omit<BufferFile, 'evidence'> & { readonly middle: string; readonly workflows: ReadonlySet<string> }

function partsOf(base: string): { stem: string; ending: string } {
  const name = basename(base)
  const ending = extname(name)
  return { stem: name.slice(0, name.length - ending.length), ending }
}

const belongs = (middle: string, id: string): boolean => middle === id || middle.startsWith(`${id}_`)

/** The longest id that the name can begin with: `abc` is not whose `abc_2_17_39` is, where there is a run `abc_2`. */
function ownerOf({ middle, workflows }: Looked, known: ReadonlySet<string>): string | null {
  const own = [...workflows].filter((id) => belongs(middle, id))
  const byName = /^(.+)_\d+_\d+$/.exec(middle)?.[1]
  const others = [...known].filter((id) => middle === id || (belongs(middle, id) && writerId.test(middle.slice(id.length + 1))))
  const [longest] = [...own, ...others].sort((a, b) => b.length - a.length)
  if (longest === undefined) return byName ?? null
  // Its messages say one run and its name another.
  const rest = middle.slice(longest.length + 1)
  return rest === '' || writerId.test(rest) || byName === undefined || byName === longest ? longest : null
}

function runOf({ base, files, workflowId }: { base: string; files: readonly Looked[]; workflowId: string }): BufferRun {
  const target = joinedName(base, workflowId)
  const described = files.map(({ isCutShort, lines, name, path, sizeBytes, workflows }): BufferFile => ({ name, path, sizeBytes, lines, isCutShort, evidence: workflows.has(workflowId) ? 'messages' : 'name' }))
  return { workflowId, base: basename(base), target, joined: described.find(({ name }) => name === target) ?? null, files: described.filter(({ name }) => name !== target) }
}

async function lookInto(path: string, { size }: Stats, signal?: AbortSignal): Promise<Pick<Looked, 'path' | 'sizeBytes' | 'lines' | 'isCutShort' | 'workflows'>> {
  const workflows = new Set<string>()
  let lines = 0
  let isCutShort = false
  for await (const some of bufferLines(path, undefined, signal)) {
    for (const { bytes, isEnded } of some) {
      lines++
      if (!isEnded) isCutShort = !isMessage(bytes)
      for (const [, id = ''] of bytes.toString('utf8').matchAll(workflowField)) workflows.add(textOf(id))
    }
  }
  return { path, sizeBytes: size, lines, isCutShort, workflows }
}

/** Whether a line is a JSON object, whole. */
export function isMessage(bytes: Buffer): boolean {
  try {
    return isJsonObject(parseJson(bytes.toString('utf8')))
  } catch (error) {
    if (error instanceof JsonSyntaxError) return false
    throw error
  }
}

function textOf(quoted: string): string {
  try {
    return JSON.parse(quoted) as string
  } catch {
    // In a line that is no JSON.
    return quoted.slice(1, -1)
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    throw new Refusal('unavailable', whyNot(error as NodeJS.ErrnoException, folder))
  }
}
