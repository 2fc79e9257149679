/** Shapes of watch expressions: a filter with a condition that marks a run. */

export const watchesMethods = {} as const
