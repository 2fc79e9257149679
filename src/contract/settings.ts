/** Every setting of the workbench with what it does, and Flowcept's settings with where each value comes from. */
export const settingsMethods = {} as const
