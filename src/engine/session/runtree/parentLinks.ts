/** Tasks and their parents as a forest, whatever the records say: on numbers alone, without recursion. */

export type Forest = {
  /** −1 for roots. */
  readonly parent: Int32Array
  /** Children of a task: `children` from `childrenAt[task]` up to that of the next. */
  readonly children: Int32Array
  readonly childrenAt: Int32Array
  /** All tasks, each followed by all below it. */
  readonly preorder: Int32Array
  /** Where a task stands in it. */
  readonly at: Int32Array
  /** How many stand below and with it: itself included. */
  readonly size: Int32Array
  /** Roots that a circle of parents was cut at. */
  readonly cut: Uint8Array
}

/**
 * @param wanted the parent of each task; −1 for none
 * @param start of each; NaN for none. A circle is cut at the task that began first; of those that began at once, or not at all, at the first.
 */
export function plantTasks(wanted: Int32Array, start: Float64Array): Forest {
  const { cut, parent } = withoutCircles(wanted, start)
  const count = parent.length
  const childrenAt = new Int32Array(count + 1)
  for (const above of parent) if (above >= 0) childrenAt[above + 1]!++
  for (let task = 0; task < count; task++) childrenAt[task + 1]! += childrenAt[task] as number
  const next = childrenAt.slice()
  const children = new Int32Array(childrenAt[count] as number)
  for (let task = 0; task < count; task++) if ((parent[task] as number) >= 0) children[next[parent[task] as number]!++] = task
  return { parent, children, childrenAt, cut, ...ordered(parent, children, childrenAt) }
}

function withoutCircles(wanted: Int32Array, start: Float64Array): { parent: Int32Array; cut: Uint8Array } {
  const [parent, cut] = [wanted.slice(), new Uint8Array(wanted.length)]
  /** By whose walk upwards a task was reached; −1 by nobody's yet. */
  const reached = new Int32Array(wanted.length).fill(-1)
  const began = (task: number): number => (Number.isNaN(start[task]) ? Infinity : (start[task] as number))
  for (let from = 0; from < wanted.length; from++) {
    let task = from
    while (task >= 0 && reached[task] === -1) {
      reached[task] = from
      task = wanted[task] as number
    }
    if (task < 0 || reached[task] !== from) continue
    let first = task
    for (let other = wanted[task] as number; other !== task; other = wanted[other] as number) {
      if (began(other) < began(first) || (began(other) === began(first) && other < first)) first = other
    }
    parent[first] = -1
    cut[first] = 1
  }
  return { parent, cut }
}

function ordered(parent: Int32Array, children: Int32Array, childrenAt: Int32Array): Pick<Forest, 'preorder' | 'at' | 'size'> {
  const count = parent.length
  const [preorder, at, size, waiting] = [new Int32Array(count), new Int32Array(count), new Int32Array(count).fill(1), new Int32Array(count)]
  let placed = 0
  for (let root = 0; root < count; root++) {
    if (parent[root] !== -1) continue
    let depth = 0
    waiting[depth++] = root
    while (depth > 0) {
      const task = waiting[--depth] as number
      at[task] = placed
      preorder[placed++] = task
      for (let child = childrenAt[task] as number; child < (childrenAt[task + 1] as number); child++) waiting[depth++] = children[child] as number
    }
  }
  for (let place = count - 1; place >= 0; place--) {
    const task = preorder[place] as number
    if ((parent[task] as number) >= 0) size[parent[task] as number]! += size[task] as number
  }
  return { preorder, at, size }
}
