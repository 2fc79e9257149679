/** What the page may touch: opaque handles for paths that a dialog, a drop or the command line named. */
import { randomBytes } from 'node:crypto'
import { Refusal } from '#contract/reply'

export type Use = 'read' | 'write'

/** Handles cannot be guessed and are good for this process only. The same paths and use keep their handle. */
export class Grants {
  readonly #granted = new Map<string, { paths: readonly string[]; use: Use }>()
  readonly #handles = new Map<string, string>()

  grant(path: string, use: Use): string {
    return this.grantAll([path], use)
  }

  /** One handle for several paths that belong together, such as the files of a recent source. */
  grantAll(paths: readonly string[], use: Use): string {
    const key = [use, ...paths].join('\0')
    const known = this.#handles.get(key)
    if (known !== undefined) return known
    const handle = randomBytes(18).toString('base64url')
    this.#granted.set(handle, { paths: [...paths], use })
    this.#handles.set(key, handle)
    return handle
  }

  /** @throws Refusal `bad-request` for a handle nobody gave, or one given for another use */
  paths(handle: string, use?: Use): readonly string[] {
    const granted = this.#granted.get(handle)
    if (granted === undefined) throw new Refusal('bad-request', 'This file was not chosen in this session. Choose it again.')
    if (use !== undefined && granted.use !== use) {
      throw new Refusal('bad-request', use === 'write' ? 'This file was chosen for reading, not for writing.' : 'This file was chosen for writing, not for reading.')
    }
    return granted.paths
  }

  /** As `paths`, for a handle of one path; of several, the first. */
  path(handle: string, use?: Use): string {
    return this.paths(handle, use)[0] ?? ''
  }
}
