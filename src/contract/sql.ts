/** Shapes of the read-only SQL console: schema, completion, a statement's result, its explanation. */
export const sqlMethods = {} as const
