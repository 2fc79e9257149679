/** Shapes of saved views: a filter, columns, sort and layout under a name, shared as a file or a link. */
export const savedViewsMethods = {} as const
