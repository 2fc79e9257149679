/** Queries that were saved by name, and those that ran lately; remembered per user. */
import { loadPref, prefOf, setPref, usePref } from '../../state/prefs.ts'

export type SavedQuery = { readonly name: string; readonly text: string; readonly at: number }
/** `at` in epoch seconds. */
export type RunNote = { readonly text: string; readonly at: number; readonly rows: number; readonly ms: number }

const savedPref = 'sql.saved'
const historyPref = 'sql.history'
const mostKept = 200
const mostSaved = 500

loadPref(savedPref)
loadPref(historyPref)

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const isNote = (value: unknown): boolean => isObject(value) && typeof value['text'] === 'string' && ['at', 'rows', 'ms'].every((key) => typeof value[key] === 'number')
const isQuery = (value: unknown): boolean => isObject(value) && typeof value['text'] === 'string' && typeof value['name'] === 'string' && typeof value['at'] === 'number'
const areNotes = (value: unknown): value is RunNote[] => Array.isArray(value) && value.every(isNote)
const areQueries = (value: unknown): value is SavedQuery[] => Array.isArray(value) && value.every(isQuery)
const noNotes: RunNote[] = []
const noQueries: SavedQuery[] = []

export const useHistory = (): readonly RunNote[] => usePref(historyPref, noNotes, areNotes)[0]
export const useSavedQueries = (): readonly SavedQuery[] => usePref(savedPref, noQueries, areQueries)[0]

/** The latest first; a text that runs again takes its older place's. */
export function noteRun(note: RunNote): void {
  const known = prefOf(historyPref)
  setPref(historyPref, [note, ...(areNotes(known) ? known : noNotes).filter(({ text }) => text !== note.text)].slice(0, mostKept))
}

export const forgetHistory = (): void => setPref(historyPref, noNotes)

export function savedQueries(): readonly SavedQuery[] {
  const known = prefOf(savedPref)
  return areQueries(known) ? known : noQueries
}

/** Under a name that is known it takes that one's place. */
export function saveQuery(name: string, text: string): void {
  setPref(savedPref, [{ name, text, at: Date.now() / 1000 }, ...savedQueries().filter((query) => query.name !== name)].slice(0, mostSaved))
}

export function deleteQuery(name: string): void {
  setPref(savedPref, savedQueries().filter((query) => query.name !== name))
}
