/** The commands that were run from the palette, the last first. */
import { prefOf, setPref, usePref } from '../../state/prefs.ts'

const key = 'palette.recent'
const most = 5
const none: readonly string[] = []
const isIds = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every((id) => typeof id === 'string')

export const useRecentCommands = (): readonly string[] => usePref<readonly string[]>(key, none, isIds)[0]

export function rememberCommand(id: string): void {
  const before = prefOf(key)
  setPref(key, [id, ...(isIds(before) ? before : []).filter((other) => other !== id)].slice(0, most))
}
