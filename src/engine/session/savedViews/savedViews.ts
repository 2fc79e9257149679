/** The views that people have saved, in a file of the config folder, each checked when it is read and when it is written. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import type { Params, Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import { type SavedView, savedView } from '#contract/savedViews'
import { largestViewBytes, type ViewContent, viewText } from '#contract/viewFile'
import { writeWhole } from '../export/writeWhole.ts'
import { JsonFile, type SettingsNote } from '../services/jsonFile.ts'

const mostViews = 500
const fileName = 'views.json'

export type SavedViewsOptions = { folder: string; onNote: (note: SettingsNote) => void; onChange: () => void; now?: () => number }

export class SavedViews {
  readonly #file: JsonFile<Kept>
  readonly #options: SavedViewsOptions

  constructor(options: SavedViewsOptions) {
    this.#options = options
    this.#file = new JsonFile({ path: join(options.folder, fileName), parse: (json) => parseKept(json, options.onNote), empty: () => new Kept([], []), onNote: options.onNote })
  }

  async list({ offset, limit }: Params<'savedViews.list'>): Promise<Result<'savedViews.list'>> {
    const { views } = await this.#file.read()
    return { total: views.length, views: views.slice(offset, offset + limit) }
  }

  async set({ viewId, name, view }: Params<'savedViews.set'>): Promise<{ viewId: string }> {
    checkSize(name, view)
    const id = viewId ?? `v${randomBytes(6).toString('hex')}`
    const changedAt = (this.#options.now?.() ?? Date.now()) / 1000
    await this.#file.update(({ views, rest }) => {
      if (viewId !== undefined && !views.some((one) => one.viewId === viewId)) throw new Refusal('not-found', 'This view is no longer among the saved ones.')
      if (views.some((one) => one.viewId !== id && one.name === name)) throw new Refusal('bad-request', `There is a view called “${name}” already.`)
      if (viewId === undefined && views.length >= mostViews) throw new Refusal('bad-request', `There may be at most ${mostViews} saved views. Delete some first.`)
      const next = { viewId: id, name, changedAt, view }
      return new Kept(viewId === undefined ? [...views, next] : views.map((one) => (one.viewId === id ? next : one)), rest)
    })
    this.#options.onChange()
    return { viewId: id }
  }

  async remove(viewId: string): Promise<void> {
    await this.#file.update(({ views, rest }) => new Kept(views.filter((one) => one.viewId !== viewId), rest))
    this.#options.onChange()
  }
}

/** Lays a view in a file of its own; whatever lay there is replaced whole. */
export async function writeView(path: string, name: string, view: ViewContent): Promise<void> {
  checkSize(name, view)
  await writeWhole(path, new AbortController().signal, (put) => put(Buffer.from(viewText(name, view))))
}

function checkSize(name: string, view: ViewContent): void {
  if (Buffer.byteLength(viewText(name, view)) > largestViewBytes) throw new Refusal('bad-request', `A view may have ${largestViewBytes / 1024} KB at most.`)
}

class Kept {
  /** @param rest entries that this version does not understand: they stay in the file */
  constructor(
    readonly views: readonly SavedView[],
    readonly rest: readonly unknown[]
  ) {}

  toJSON(): unknown {
    return { version: 1, views: [...this.views, ...this.rest] }
  }
}

/** One entry that is wrong takes no other with it. */
function parseKept(json: unknown, onNote: (note: SettingsNote) => void): Kept | null {
  const file = z.object({ views: z.array(z.unknown()) }).safeParse(json)
  if (!file.success) return null
  const read = file.data.views.map((entry) => ({ entry, view: savedView.safeParse(entry).data }))
  const rest = read.filter(({ view }) => view === undefined).map(({ entry }) => entry)
  if (rest.length > 0) onNote({ file: fileName, message: `${rest.length} of ${read.length} saved views cannot be understood.`, did: 'They are left in the file and not shown' })
  return new Kept(read.flatMap(({ view }) => view ?? []), rest)
}
