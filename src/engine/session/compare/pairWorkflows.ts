/** Which workflow of one run is the counterpart of which of the other. */
import type { Member } from './runMembers.ts'

/** Numbers, equal for counterparts; a workflow without one has a number of its own. In the order of the members. */
export type Slots = { readonly a: readonly number[]; readonly b: readonly number[] }

/**
 * Two runs that are a workflow each are counterparts whatever they are called. Else, level by level, below the same counterpart: those of
 * one name and with equal parameters, in order of start; then those left of one name, in order of start.
 * @param parameters of a workflow, as a text that is equal where they are
 */
export function pairWorkflows(a: readonly Member[], b: readonly Member[], parameters: { a: (workflow: string) => string; b: (workflow: string) => string }): Slots {
  const slots = { a: a.map(() => -1), b: b.map(() => -1) }
  let next = 0
  const pair = (one: number, other: number): void => {
    slots.a[one] = next
    slots.b[other] = next
    next++
  }
  const [rootsA, rootsB] = [rootsOf(a), rootsOf(b)]
  if (rootsA.length === 1 && rootsB.length === 1) pair(rootsA[0] as number, rootsB[0] as number)
  for (let level = 0, open = true; open; level++) {
    for (const isStrict of [true, false]) {
      const keyOf = (members: readonly Member[], own: readonly number[], textOf: (workflow: string) => string) => (at: number): string | null => {
        const { name, within, workflow } = members[at] as Member
        if (own[at] !== -1 || depthOf(members, at) !== level) return null
        return JSON.stringify([within === null ? -1 : own[within], workflow === null ? null : name, isStrict && workflow !== null ? textOf(workflow) : ''])
      }
      const waiting = grouped(b, keyOf(b, slots.b, parameters.b))
      for (const [key, list] of grouped(a, keyOf(a, slots.a, parameters.a))) for (const [at, one] of list.entries()) {
        const other = waiting.get(key)?.[at]
        if (other !== undefined) pair(one, other)
      }
    }
    for (const [members, own] of [[a, slots.a], [b, slots.b]] as const) for (let at = 0; at < members.length; at++) if (own[at] === -1 && depthOf(members, at) === level) own[at] = next++
    open = [a, b].some((members) => members.some((_, at) => depthOf(members, at) > level))
  }
  return slots
}

const rootsOf = (members: readonly Member[]): number[] => members.flatMap(({ within }, at) => (within === null ? [at] : []))

/** Members stand behind what they are within. */
function depthOf(members: readonly Member[], at: number): number {
  let depth = 0
  for (let above = members[at]?.within ?? null; above !== null; above = members[above]?.within ?? null) depth++
  return depth
}

function grouped(members: readonly Member[], keyOf: (at: number) => string | null): Map<string, number[]> {
  const groups = new Map<string, number[]>()
  const byStart = members.map((_, at) => at).sort((one, other) => (members[one]?.start ?? Infinity) - (members[other]?.start ?? Infinity) || one - other)
  for (const at of byStart) {
    const key = keyOf(at)
    if (key === null) continue
    const list = groups.get(key)
    if (list) list.push(at)
    else groups.set(key, [at])
  }
  return groups
}
