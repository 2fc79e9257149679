/** What is wrong with a source as such: files left out, and files that changed in other ways than growing. */
import type { Problem } from '#contract/overview'
import type { Expansion } from '#engine/sources/expand'

export type Replacement = 'truncated' | 'replaced' | 'gone'

export class OwnProblems {
  readonly list: Problem[] = []
  readonly #sourceId: string
  #told = 0

  constructor(sourceId: string) {
    this.#sourceId = sourceId
  }

  leftOut({ leftOut }: Expansion): void {
    for (const { name, reason } of leftOut) this.#tell({ kind: 'left-out', level: 'error', title: 'File not read', source: name, message: reason, did: 'Left out; the others were read' })
  }

  /** @param again whether everything is being read anew because of it */
  replaced(source: string, reason: Replacement, again: boolean): void {
    const did = reason === 'gone' ? 'Kept what had been read' : again ? 'Read anew' : 'Kept what had been read; it can be read anew'
    this.#tell({ ...replacements[reason], level: 'warning', source, did })
  }

  clear(): void {
    this.list.length = 0
  }

  #tell(problem: Pick<Problem, 'kind' | 'level' | 'title' | 'source' | 'message' | 'did'>): void {
    const sourceId = this.#sourceId
    this.list.push({ ...problem, problemId: `${sourceId}:own${this.#told++}`, sourceId, line: null, byte: null, count: 1, sample: '' })
  }
}

const replacements = {
  truncated: { kind: 'file-truncated', title: 'File became shorter', message: 'Something cut the file while it was open.' },
  replaced: { kind: 'file-replaced', title: 'File was replaced', message: 'Another file lies in its place now.' },
  gone: { kind: 'file-gone', title: 'File is gone', message: 'It was deleted or moved while it was open.' }
} as const
