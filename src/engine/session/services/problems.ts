/** What is wrong with what is open: the problems of every source and of the settings in one list, and the lines around one. */
import type { Problem } from '#contract/overview'
import type { Params, Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import { type ReadBytes, linesAround } from './linesAround.ts'

/** Where problems come from. */
export interface ProblemSource {
  readonly problems: readonly Problem[]
  /** The file a problem is in and its place there; undefined for problems of no place. */
  place(problemId: string): { file: number; byte: number } | undefined
  /** Text of a file by place, as much as there is. */
  readSome(file: number, byte: number, sizeBytes: number): Promise<Uint8Array>
}

const levels: readonly Problem['level'][] = ['error', 'warning', 'note']

/** Errors, then warnings, then notes; within a level in the order of the sources and as found. */
export function problemsList(sources: readonly ProblemSource[], { sourceId, offset, limit }: Params<'problems.list'>): Result<'problems.list'> {
  const all = sources.flatMap((source) => source.problems).filter((problem) => sourceId === undefined || problem.sourceId === sourceId)
  const [errors = [], warnings = [], notes = []] = levels.map((level) => all.filter((problem) => problem.level === level))
  return { total: all.length, errors: errors.length, warnings: warnings.length, notes: notes.length, problems: [...errors, ...warnings, ...notes].slice(offset, offset + limit) }
}

/** The line of a problem and those around it, each cut to a length that can be shown; none for a problem of no line. */
export async function problemsContext(sources: readonly ProblemSource[], { problemId, lines, lineLength }: Params<'problems.context'>): Promise<Result<'problems.context'>> {
  for (const source of sources) {
    const problem = source.problems.find((one) => one.problemId === problemId)
    if (problem === undefined) continue
    const place = source.place(problemId)
    if (place === undefined || problem.line === null) return { lines: [] }
    const read: ReadBytes = (byte, sizeBytes) => source.readSome(place.file, byte, sizeBytes)
    return { lines: await linesAround(read, { byte: place.byte, line: problem.line, lines, lineLength }) }
  }
  throw new Refusal('not-found', 'This problem is no longer listed.')
}
