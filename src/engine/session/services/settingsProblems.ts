/** What was wrong with settings files, listed among the problems of the sources. */
import type { Problem } from '#contract/overview'
import type { SettingsNote } from './jsonFile.ts'
import type { ProblemSource } from './problems.ts'

export class SettingsProblems implements ProblemSource {
  readonly problems: Problem[] = []
  readonly #onChange: () => void

  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  add({ file, message, did }: SettingsNote): void {
    const problemId = `settings:${this.problems.length}`
    this.problems.push({ problemId, sourceId: '', kind: 'settings', level: 'note', title: 'Settings could not be used', source: file, line: null, byte: null, count: 1, message, sample: '', did })
    this.#onChange()
  }

  place(): undefined {
    return undefined
  }

  async readSome(): Promise<Uint8Array> {
    return new Uint8Array()
  }
}
