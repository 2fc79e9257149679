/** What was wrong with settings files, listed among the problems of the sources. */
import type { Problem } from '#contract/overview'
import type { SettingsNote } from './jsonFile.ts'
import type { ProblemSource } from './problems.ts'

export class SettingsProblems implements ProblemSource {
  readonly #noted: Problem[] = []
  #standing: Problem[] = []
  readonly #onChange: () => void

  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  get problems(): readonly Problem[] {
    return [...this.#standing, ...this.#noted]
  }

  /** What happened, and is told until Provscope ends. */
  add(note: SettingsNote): void {
    this.#noted.push(problemOf(`settings:${this.#noted.length}`, note))
    this.#onChange()
  }

  /** What is wrong as the settings stand, in place of what was: it goes away once it is mended. */
  stand(notes: readonly SettingsNote[]): void {
    const before = JSON.stringify(this.#standing)
    this.#standing = notes.map((note, at) => problemOf(`settings:stands:${at}`, note))
    if (JSON.stringify(this.#standing) !== before) this.#onChange()
  }

  place(): undefined {
    return undefined
  }

  async readSome(): Promise<Uint8Array> {
    return new Uint8Array()
  }
}

function problemOf(problemId: string, { file, message, did }: SettingsNote): Problem {
  return { problemId, sourceId: '', kind: 'settings', level: 'note', title: 'Settings could not be used', source: file, line: null, byte: null, count: 1, message, sample: '', did }
}
