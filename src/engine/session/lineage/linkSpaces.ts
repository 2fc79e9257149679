/**
 * Which tasks may pass values to each other: those of the same workflow or the same campaign, also by way of a third task, so that a task
 * without a campaign (iterations of loops record none) belongs to its workflow's. Tasks without either stand alone.
 */

export type LinkSpaces = {
  /** The task's own, or its workflow's if that has just one; −1 for none. */
  readonly campaign: Int32Array
  /** The same number for tasks that may pass values to each other; −1 for a task that stands alone. */
  readonly space: Int32Array
}

/** @param campaign as the tasks say themselves; numbers from 0, −1 for none, like `workflow` */
export function linkSpaces(workflow: Int32Array, campaign: Int32Array): LinkSpaces {
  const workflows = most(workflow) + 1
  const parents = Int32Array.from({ length: workflows + most(campaign) + 1 }, (_, index) => index)
  const root = (of: number): number => {
    let at = of
    while (parents[at] !== at) at = parents[at] = parents[parents[at] as number] as number
    return at
  }
  const only = new Int32Array(workflows).fill(-1)
  for (const [task, own] of workflow.entries()) {
    const other = campaign[task] as number
    if (own < 0 || other < 0) continue
    parents[root(own)] = root(workflows + other)
    only[own] = only[own] === -1 || only[own] === other ? other : -2
  }
  return {
    campaign: campaign.map((own, task) => (own >= 0 ? own : Math.max(-1, only[workflow[task] as number] ?? -1))),
    space: workflow.map((own, task) => (own >= 0 ? root(own) : (campaign[task] as number) >= 0 ? root(workflows + (campaign[task] as number)) : -1))
  }
}

function most(numbers: Int32Array): number {
  return numbers.reduce((so, number) => Math.max(so, number), -1)
}
