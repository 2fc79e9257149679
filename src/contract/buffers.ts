/** Shapes of what tends buffer files: joining those that belong together, and deleting. */
export const buffersMethods = {} as const
