/** Sub-rows of a lane: each bar on the lowest on which nothing else is drawn at that time. */

/** What takes no time, or whose end was not seen, is drawn for as long as Python's clock resolves. */
export const leastSeconds = 1e-6

/** Until when a bar takes up its level. */
export const takenUntil = (start: number, until: number): number => Math.max(until, start + leastSeconds)

/**
 * Since bars are taken by their start, no more levels are needed than there are bars at once at any time.
 * @param tasks numbers of tasks, by start
 * @param level where each task's level is put
 * @returns how many levels there are
 */
export function packLevels(tasks: Int32Array, { start, until }: { readonly start: Float64Array; readonly until: Float64Array }, level: Int32Array): number {
  const ending = new Heap()
  const free = new Heap()
  let levels = 0
  for (const task of tasks) {
    const from = start[task] as number
    while (ending.size > 0 && ending.least <= from) {
      const left = ending.pop()
      free.push(left, left)
    }
    const own = free.size > 0 ? free.pop() : levels++
    level[task] = own
    ending.push(takenUntil(from, until[task] as number), own)
  }
  return levels
}

/** Values, the one with the least key first. */
class Heap {
  private readonly keys: number[] = []
  private readonly values: number[] = []

  get size(): number {
    return this.keys.length
  }

  get least(): number {
    return this.keys[0] as number
  }

  push(key: number, value: number): void {
    const { keys } = this
    let at = keys.length
    while (at > 0) {
      const above = (at - 1) >> 1
      if ((keys[above] as number) <= key) break
      this.put(at, keys[above] as number, this.values[above] as number)
      at = above
    }
    this.put(at, key, value)
  }

  pop(): number {
    const { keys, values } = this
    const first = values[0] as number
    const [key, value] = [keys.pop() as number, values.pop() as number]
    const size = keys.length
    if (size === 0) return first
    let at = 0
    for (let below = 1; below < size; below = 2 * at + 1) {
      if (below + 1 < size && (keys[below + 1] as number) < (keys[below] as number)) below++
      if ((keys[below] as number) >= key) break
      this.put(at, keys[below] as number, values[below] as number)
      at = below
    }
    this.put(at, key, value)
    return first
  }

  private put(at: number, key: number, value: number): void {
    this.keys[at] = key
    this.values[at] = value
  }
}
