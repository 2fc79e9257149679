import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readViewText, viewLink, viewSchema, viewText } from '#contract/viewFile'
import { BroughtViews } from './broughtViews.ts'
import { SavedViews, writeView } from './savedViews.ts'

let folder: string
let notes: string[]
let changes: number
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'provscope-views-'))
  notes = []
  changes = 0
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const make = (): SavedViews => new SavedViews({ folder, onNote: ({ message }) => notes.push(message), onChange: () => changes++, now: () => 5000 })
const view = viewSchema.parse({ chips: [{ filter: { status: 'ERROR' } }], later: { x: 1 } })
const page = { offset: 0, limit: 10 }

describe('saved views', () => {
  test('come back in the next process, with what this version does not know', async () => {
    const { viewId } = await make().set({ name: 'Failed', view })
    expect(await make().list(page)).toEqual({ total: 1, views: [{ viewId, name: 'Failed', changedAt: 5, view }] })
    expect(changes).toBe(1)
  })

  test('are changed and renamed in place, and removed', async () => {
    const views = make()
    const { viewId } = await views.set({ name: 'a', view })
    await views.set({ name: 'b', view })
    await views.set({ viewId, name: 'c', view: { ...view, search: 'x' } })
    expect((await views.list(page)).views.map(({ name, view: { search } }) => [name, search])).toEqual([['c', 'x'], ['b', '']])
    await views.remove(viewId)
    expect((await views.list(page)).views.map(({ name }) => name)).toEqual(['b'])
    await expect(views.set({ viewId, name: 'd', view })).rejects.toThrow('no longer')
  })

  test('have a name each', async () => {
    const views = make()
    await views.set({ name: 'a', view })
    await expect(views.set({ name: 'a', view })).rejects.toThrow('already')
    expect(changes).toBe(1)
  })

  test('of two processes do not overwrite each other', async () => {
    const [one, other] = [make(), make()]
    await one.list(page)
    await other.set({ name: 'theirs', view })
    await one.set({ name: 'mine', view })
    expect((await other.list(page)).views.map(({ name }) => name)).toEqual(['theirs', 'mine'])
  })

  test('one that is broken takes no other with it, and stays in the file', async () => {
    await make().set({ name: 'good', view })
    const path = join(folder, 'views.json')
    const kept = JSON.parse(readFileSync(path, 'utf8')) as { views: unknown[] }
    writeFileSync(path, JSON.stringify({ views: [{ viewId: 'x', name: 'bad', changedAt: 1, view: { chips: [{ filter: { $where: 1 } }] } }, ...kept.views] }))
    const views = make()
    expect((await views.list(page)).views.map(({ name }) => name)).toEqual(['good'])
    expect(notes[0]).toContain('1 of 2')
    await views.set({ name: 'more', view })
    expect(readFileSync(path, 'utf8')).toContain('$where')
  })

  test('a file that is none is put aside', async () => {
    writeFileSync(join(folder, 'views.json'), 'not json')
    expect(await make().list(page)).toEqual({ total: 0, views: [] })
    expect(readdirSync(folder)).toContain('views.json.bad')
  })

  test('too much for a view is refused', async () => {
    const large = { ...view, search: 'x'.repeat(10_000), more: 'y'.repeat(300_000) }
    await expect(make().set({ name: 'large', view: large })).rejects.toThrow('256 KB')
    await expect(writeView(join(folder, 'x'), 'large', large)).rejects.toThrow('256 KB')
  })

  test('are written as a file that is read back as it was', async () => {
    const path = join(folder, 'failed.provscope-view.json')
    writeFileSync(path, 'before')
    await writeView(path, 'Failed', view)
    expect(readViewText(readFileSync(path, 'utf8'))).toEqual({ name: 'Failed', view, unknown: ['view.later'] })
    expect(readdirSync(folder)).toEqual(['failed.provscope-view.json'])
    await expect(writeView(join(folder, 'missing', 'x'), 'Failed', view)).rejects.toThrow('could not be written')
  })
})

describe('views that are brought', () => {
  const brought = (): BroughtViews => new BroughtViews(() => changes++)

  test('from a file and from a link are taken once', async () => {
    const path = join(folder, 'a.provscope-view.json')
    writeFileSync(path, viewText('Failed', view))
    const views = brought()
    await views.bring({ path })
    await views.bring({ link: viewLink('Linked', view) })
    expect(views.take()).toMatchObject([{ kind: 'view', from: 'a.provscope-view.json', name: 'Failed', unknown: ['view.later'] }, { kind: 'view', from: 'a link', name: 'Linked' }])
    expect(views.take()).toEqual([])
    expect(changes).toBe(2)
  })

  test('that are none are told, whatever they are', async () => {
    const views = brought()
    writeFileSync(join(folder, 'huge'), Buffer.alloc(2_000_000, 32))
    mkdirSync(join(folder, 'folder'))
    symlinkSync('/dev/zero', join(folder, 'endless'))
    for (const name of ['missing', 'huge', 'folder', 'endless']) await views.bring({ path: join(folder, name) })
    for (const link of ['provscope://view?data=%7B%7D', 'provscope://open?path=/etc/passwd']) await views.bring({ link })
    const taken = views.take()
    expect(taken.map(({ kind }) => kind)).toEqual(Array(6).fill('mistake'))
    expect(taken.map((one) => (one.kind === 'mistake' ? one.message : ''))).toEqual([
      'The file is not there.',
      expect.stringContaining('256 KB'),
      expect.stringMatching(/no file|EISDIR/),
      expect.stringContaining('no file'),
      expect.stringContaining('provscopeView'),
      expect.stringContaining('no view')
    ])
  })

  test('do not pile up', async () => {
    const views = brought()
    for (let i = 0; i < 50; i++) await views.bring({ link: 'provscope://view?data=x' })
    expect(views.take()).toHaveLength(20)
  })
})
