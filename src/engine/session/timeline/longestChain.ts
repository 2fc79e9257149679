/** The longest chain through a graph of tasks by their durations, and how much slack each task has: on numbers alone. */

/** Edges between numbered tasks, at most one from one to another, ordered by `from`. */
export type Links = { readonly from: Int32Array; readonly to: Int32Array }
export type Chains = {
  /** Seconds of the longest chain. */
  readonly length: number
  /** Its tasks in order, and the link to each from the one before (−1 for the first). */
  readonly path: Int32Array
  readonly pathLinks: Int32Array
  /** Seconds of the longest chain that ends with each task, itself included; NaN for tasks without times. */
  readonly upTo: Float64Array
  /** By how much each could take longer before the longest chain would; NaN likewise. */
  readonly slack: Float64Array
}

/**
 * @param seconds of each task; NaN for tasks that take no part, to which no link may lead
 * @param links without circles
 */
export function longestChains(seconds: Float64Array, links: Links): Chains {
  const count = seconds.length
  const order = topologicalOrder(count, links)
  const [upTo, from] = [seconds.slice(), linksFrom(count, links.from)]
  const before = new Int32Array(count).fill(-1)
  for (const task of order) {
    for (let link = from[task] as number; link < (from[task + 1] as number); link++) {
      const next = links.to[link] as number
      const longer = (upTo[task] as number) + (seconds[next] as number)
      if (longer > (upTo[next] as number) || (before[next] === -1 && longer === upTo[next])) {
        upTo[next] = longer
        before[next] = link
      }
    }
  }
  const last = largest(upTo)
  const length = last < 0 ? 0 : (upTo[last] as number)
  const pathLinks = chainTo(last, before, links)
  const path = pathLinks.map((_, at) => (at === pathLinks.length - 1 ? last : (links.from[pathLinks[at + 1] as number] as number)))
  return { length, path, pathLinks, upTo, slack: slacks({ seconds, links, order, from, upTo, length, path }) }
}

type Forward = { seconds: Float64Array; links: Links; order: Int32Array; from: Int32Array; upTo: Float64Array; length: number; path: Int32Array }

function slacks({ seconds, links, order, from, upTo, length, path }: Forward): Float64Array {
  /** Of the longest chain that begins after each task. */
  const after = new Float64Array(seconds.length)
  for (let at = order.length - 1; at >= 0; at--) {
    const task = order[at] as number
    let longest = 0
    for (let link = from[task] as number; link < (from[task + 1] as number); link++) {
      const next = links.to[link] as number
      longest = Math.max(longest, (seconds[next] as number) + (after[next] as number))
    }
    after[task] = longest
  }
  const slack = upTo.map((own, task) => Math.max(0, length - own - (after[task] as number)))
  for (const task of path) slack[task] = 0
  return slack
}

/** Links along the longest chain, −1 first. */
function chainTo(last: number, before: Int32Array, links: Links): Int32Array {
  if (last < 0) return new Int32Array(0)
  const chain: number[] = []
  for (let link = before[last] as number; link >= 0; link = before[links.from[link] as number] as number) chain.push(link)
  return Int32Array.from([-1, ...chain.toReversed()])
}

function largest(values: Float64Array): number {
  let largest = -1
  for (let at = 0; at < values.length; at++) if (!Number.isNaN(values[at]) && (largest < 0 || (values[at] as number) > (values[largest] as number))) largest = at
  return largest
}

/** Each task after all that lead to it; those in a circle, and after one, are not in it. */
export function topologicalOrder(count: number, { from, to }: Links): Int32Array {
  const starts = linksFrom(count, from)
  const waiting = new Int32Array(count)
  for (const task of to) waiting[task]!++
  const order = new Int32Array(count)
  let [taken, found] = [0, 0]
  for (let task = 0; task < count; task++) if (waiting[task] === 0) order[found++] = task
  for (; taken < found; taken++) {
    const task = order[taken] as number
    for (let link = starts[task] as number; link < (starts[task + 1] as number); link++) {
      const next = to[link] as number
      if (--waiting[next]! === 0) order[found++] = next
    }
  }
  return order.subarray(0, found)
}

/** Where the links of each task begin; one more than there are tasks. */
function linksFrom(count: number, from: Int32Array): Int32Array {
  const starts = new Int32Array(count + 1)
  for (const task of from) starts[task + 1]!++
  for (let task = 0; task < count; task++) starts[task + 1]! += starts[task] as number
  return starts
}

/**
 * Which links to leave out so that no circle is left: of those within a circle, the ones that go back in time, from a task to one that
 * began before it (of tasks that began at once: to the one with the lower number). All others follow the starts, so they close none.
 */
export function circleLinks(start: Float64Array, links: Links): Uint8Array {
  const isBack = (link: number): boolean => {
    const [from, to] = [links.from[link] as number, links.to[link] as number]
    return (start[to] as number) < (start[from] as number) || (start[to] === start[from] && to <= from)
  }
  const cut = new Uint8Array(links.from.length)
  if (!links.from.some((_, link) => isBack(link))) return cut
  const circle = circles(start.length, links)
  for (let link = 0; link < cut.length; link++) if (circle[links.from[link] as number] === circle[links.to[link] as number] && isBack(link)) cut[link] = 1
  return cut
}

/** Tarjan's strongly connected components, without recursion: of each task the number of the one that it is in. */
function circles(count: number, { from, to }: Links): Int32Array {
  const starts = linksFrom(count, from)
  const [index, low, component, next] = [new Int32Array(count).fill(-1), new Int32Array(count), new Int32Array(count).fill(-1), starts.slice()]
  const [open, calls] = [new Int32Array(count), new Int32Array(count)]
  let [seen, opened, components] = [0, 0, 0]
  for (let root = 0; root < count; root++) {
    if (index[root] !== -1) continue
    let depth = 0
    calls[depth++] = root
    while (depth > 0) {
      const task = calls[depth - 1] as number
      if (index[task] === -1) {
        index[task] = low[task] = seen++
        open[opened++] = task
      }
      if ((next[task] as number) < (starts[task + 1] as number)) {
        const other = to[next[task]!++] as number
        if (index[other] === -1) calls[depth++] = other
        else if (component[other] === -1) low[task] = Math.min(low[task] as number, index[other] as number)
        continue
      }
      depth--
      if (depth > 0) {
        const caller = calls[depth - 1] as number
        low[caller] = Math.min(low[caller] as number, low[task] as number)
      }
      if (low[task] !== index[task]) continue
      for (let member = -1; member !== task; ) component[(member = open[--opened] as number)] = components
      components++
    }
  }
  return component
}

export function withoutLinks({ from, to }: Links, cut: Uint8Array): Links {
  return { from: from.filter((_, link) => cut[link] === 0), to: to.filter((_, link) => cut[link] === 0) }
}
