/** The problems of one source, in words, with ids that stay. */
import type { Problem } from '#contract/overview'
import { lineProblems, type LineProblem } from './readerProblems.ts'

export class ProblemLog {
  readonly list: Problem[] = []
  private readonly joined = new Map<string, number>()
  private readonly places: { file: number; byte: number }[] = []
  private nextId = 0

  constructor(
    private readonly sourceId: string,
    private readonly fileName: (file: number) => string
  ) {}

  /** Whether there were any. */
  add(problems: readonly LineProblem[]): boolean {
    for (const problem of problems) {
      const key = `${problem.kind} ${problem.file}`
      const known = problem.joins ? this.joined.get(key) : undefined
      if (known !== undefined) {
        const entry = this.list[known] as Problem
        this.list[known] = { ...entry, count: entry.count + problem.count }
        continue
      }
      if (problem.joins) this.joined.set(key, this.list.length)
      const { did, level, title } = lineProblems[problem.kind]
      const { byte, count, kind, line, message, sample } = problem
      this.list.push({ problemId: `${this.sourceId}:${this.nextId++}`, sourceId: this.sourceId, kind, level, title, source: this.fileName(problem.file), line, byte, count, message, sample, did })
      this.places.push({ file: problem.file, byte })
    }
    return problems.length > 0
  }

  /** A file's text from this byte on has been replaced: what was said of it is void. */
  removeFrom(file: number, byte: number): void {
    for (let i = this.list.length - 1; i >= 0; i--) {
      const place = this.places[i]
      if (!place || place.file !== file || place.byte < byte) continue
      this.list.splice(i, 1)
      this.places.splice(i, 1)
    }
    this.joined.clear()
  }

  /** The file a problem is in, to show what stands around it. */
  place(problemId: string): { file: number; byte: number } | undefined {
    return this.places[this.list.findIndex((problem) => problem.problemId === problemId)]
  }
}
