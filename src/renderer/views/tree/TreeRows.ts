/** The rows of a tree of any size, as they stand below each other: only what is in sight is asked for, and followed. */
import type { Given } from '#contract/methods'
import type { RunTreeNode } from '#contract/tree'
import { watchCall } from '../../state/query.ts'

export type TreeQuestion = Omit<Given<'runtree.children'>, 'parent' | 'offset' | 'limit'>
export type TreeRow = {
  /** Null while it is on its way. */
  readonly node: RunTreeNode | null
  /** Key of the node it stands below; empty for a root. */
  readonly parent: string
  /** Among its siblings, and how many those are. */
  readonly index: number
  readonly of: number
  /** 1 for a root. */
  readonly level: number
}

type Asked = ReturnType<typeof watchCall<'runtree.children'>>
type Level = { total: number | null; readonly pages: Map<number, Asked>; /** Opened children by key: their places. */ readonly open: Map<string, number> }

const pageRows = 100
/** Where so few campaigns or workflows stand, they are shown open to begin with. */
const few = 3

export class TreeRows {
  private readonly levels = new Map<string, Level>()
  private readonly sizes = new Map<string, number>()
  private readonly listeners = new Set<() => void>()
  private opensFew: boolean
  version = 0

  /** @param opened keys of the nodes that are open; kept up to date, for the next tree of this source */
  constructor(
    private readonly question: TreeQuestion,
    private readonly opened: Set<string>
  ) {
    this.opensFew = opened.size === 0
    this.openLevel('')
  }

  readonly watch = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  close(): void {
    for (const { pages } of this.levels.values()) for (const page of pages.values()) page.stop()
    this.levels.clear()
  }

  /** Rows there are, as far as known; null before the first answer. */
  get rows(): number | null {
    return this.levels.get('')?.total === null ? null : this.size('')
  }

  /** Of all roots together; null before the first answer. */
  get tasks(): number | null {
    return this.first('')?.data?.tasks ?? null
  }

  get error(): string | null {
    for (const { pages } of this.levels.values()) {
      for (const page of pages.values()) {
        const { error } = page.look()
        if (error) return error.message
      }
    }
    return null
  }

  /** From the first start to the last end of the roots that are known. */
  get span(): { from: number; to: number } | null {
    const roots = this.first('')?.data?.nodes ?? []
    const starts = roots.flatMap(({ start }) => start ?? [])
    const ends = roots.flatMap(({ end, start }) => end ?? start ?? [])
    return starts.length === 0 ? null : { from: Math.min(...starts), to: Math.max(...ends) }
  }

  row(at: number): TreeRow {
    return this.find('', at, 1)
  }

  isOpen(key: string): boolean {
    return this.levels.has(key)
  }

  toggle(row: TreeRow, open: boolean): void {
    this.opensFew = false
    const { node } = row
    if (!node?.hasChildren || open === this.isOpen(node.key)) return
    if (open) this.open(row.parent, node.key, row.index)
    else {
      this.opened.delete(node.key)
      this.levels.get(row.parent)?.open.delete(node.key)
      this.closeLevel(node.key)
    }
    this.changed()
  }

  closeAll(): void {
    this.opened.clear()
    const root = this.levels.get('')
    for (const key of root?.open.keys() ?? []) this.closeLevel(key)
    root?.open.clear()
    this.changed()
  }

  /** Opens what a node stands in; its row is `rowOf` as soon as that is known. */
  openPath(path: readonly { key: string; index: number }[]): void {
    let parent = ''
    for (const { index, key } of path.slice(0, -1)) {
      this.open(parent, key, index)
      parent = key
    }
    this.changed()
  }

  /** Null until all levels on the way have answered. */
  rowOf(path: readonly { key: string; index: number }[]): number | null {
    let row = 0
    let parent = ''
    for (const [depth, { index, key }] of path.entries()) {
      const level = this.levels.get(parent)
      if (!level || level.total === null) return null
      row += index + (depth === 0 ? 0 : 1)
      for (const [other, at] of level.open) if (at < index) row += this.size(other)
      parent = key
    }
    return row
  }

  /** Asks for what is in sight, and lets go of what is not. */
  show(first: number, last: number): void {
    const wanted = new Map<string, Set<number>>()
    for (let at = first; at < last; at++) {
      const { index, parent } = this.row(at)
      let pages = wanted.get(parent)
      if (!pages) wanted.set(parent, (pages = new Set()))
      pages.add(Math.floor(index / pageRows))
    }
    for (const [key, { pages }] of this.levels) {
      const needed = wanted.get(key) ?? new Set()
      // The first page says how many there are.
      needed.add(0)
      for (const page of needed) if (!pages.has(page)) this.ask(key, page)
      for (const [page, asked] of pages) {
        if (needed.has(page)) continue
        asked.stop()
        pages.delete(page)
      }
    }
  }

  private find(parent: string, at: number, level: number): TreeRow {
    const { open, pages, total } = this.levels.get(parent) as Level
    let opened = 0
    for (const [key, index] of [...open].sort((a, b) => a[1] - b[1])) {
      const row = index + opened
      if (at <= row) break
      const size = this.size(key)
      if (at <= row + size) return this.find(key, at - row - 1, level + 1)
      opened += size
    }
    const index = at - opened
    const page = pages.get(Math.floor(index / pageRows))?.look().data
    return { node: page?.nodes[index % pageRows] ?? null, parent, index, of: total ?? 0, level }
  }

  private size(key: string): number {
    const known = this.sizes.get(key)
    if (known !== undefined) return known
    const level = this.levels.get(key)
    let size = level?.total ?? 0
    for (const child of level?.open.keys() ?? []) size += this.size(child)
    this.sizes.set(key, size)
    return size
  }

  private first(key: string): ReturnType<Asked['look']> | undefined {
    return this.levels.get(key)?.pages.get(0)?.look()
  }

  private open(parent: string, key: string, index: number): void {
    this.opened.add(key)
    this.levels.get(parent)?.open.set(key, index)
    this.openLevel(key)
  }

  private openLevel(key: string): void {
    if (this.levels.has(key)) return
    this.levels.set(key, { total: null, pages: new Map(), open: new Map() })
    this.ask(key, 0)
  }

  private closeLevel(key: string): void {
    const level = this.levels.get(key)
    if (!level) return
    this.levels.delete(key)
    for (const page of level.pages.values()) page.stop()
    for (const child of level.open.keys()) this.closeLevel(child)
  }

  private ask(key: string, page: number): void {
    const level = this.levels.get(key)
    if (!level) return
    const params = { ...this.question, parent: key === '' ? null : key, offset: page * pageRows, limit: pageRows }
    level.pages.set(page, watchCall('runtree.children', params, () => this.learn(key, page)))
    this.learn(key, page)
  }

  /** An answer has come: how many there are, and where among them those stand that are open. */
  private learn(key: string, page: number): void {
    const level = this.levels.get(key)
    const data = level?.pages.get(page)?.look().data
    if (level && data) {
      level.total = data.total
      if (this.opensFew && data.total > 0) this.openFew(data.nodes, data.total)
      for (const [index, node] of data.nodes.entries()) if (node.hasChildren && this.opened.has(node.key)) this.open(key, node.key, page * pageRows + index)
      for (const [child, index] of level.open) {
        if (index < data.total) continue
        level.open.delete(child)
        this.closeLevel(child)
      }
    }
    this.changed()
  }

  private openFew(nodes: readonly RunTreeNode[], total: number): void {
    const inner = nodes.filter(({ hasChildren, kind }) => hasChildren && (kind === 'campaign' || kind === 'workflow'))
    if (total <= few && inner.length > 0) for (const { key } of inner) this.opened.add(key)
    else this.opensFew = false
  }

  private changed(): void {
    this.sizes.clear()
    this.version++
    for (const listener of this.listeners) listener()
  }
}
