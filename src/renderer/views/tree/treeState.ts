/** How the tree is shown; remembered, and shared by the view and its tools. */
import { create } from 'zustand'
import { usePref } from '../../state/prefs.ts'

const sorts = ['errors', 'start', 'duration', 'name'] as const
export type TreeSort = (typeof sorts)[number]
const isSort = (value: unknown): value is TreeSort => sorts.includes(value as TreeSort)
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'

export const useTreeSort = (): [TreeSort, (sort: TreeSort) => void] => usePref<TreeSort>('tree.sort', 'errors', isSort)
export const useTreeFold = (): [boolean, (fold: boolean) => void] => usePref<boolean>('tree.fold', true, isBoolean)

/** Counts up to close all that is open. */
export const treeActs = create<{ closed: number }>()(() => ({ closed: 0 }))
