/** Which keys a command has: its own, unless the person gave it others; what may be a key, and which commands would share one. */
import type { Bindings } from '#contract/settingList'
import { commandCatalogue, type KnownCommand, knownCommand, type Where } from './commandCatalogue.ts'

export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'> & { getModifierState?: (name: string) => boolean }

/**
 * A key press in the words of `Command.keys`, Ctrl standing for Cmd on macOS too. Signs that a layout gives with AltGr are that sign
 * alone; Alt with a letter is that letter, whatever sign macOS makes of it.
 */
export function keysOf(event: KeyPress): string {
  const altGr = event.getModifierState?.('AltGraph') === true && event.key.length === 1
  const ofCode = event.altKey && !altGr ? /^(?:Key([A-Z])|Digit(\d))$/.exec(event.code) : null
  const key = ofCode ? (ofCode[1] ?? ofCode[2] ?? event.key) : event.key
  const name = key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key
  // A shifted sign such as `?` already says its shift.
  const shift = event.shiftKey && (name.length > 1 || /[A-Z]/.test(name))
  return [!altGr && (event.ctrlKey || event.metaKey) && 'Ctrl', !altGr && event.altKey && 'Alt', shift && 'Shift', name].filter(Boolean).join('+')
}

/** Undefined: none. @param own the keys that the command comes with */
export const boundKeys = (id: string, own: string | undefined, bindings: Bindings): string | undefined => (Object.hasOwn(bindings, id) ? (bindings[id] ?? undefined) : own)

/** Pressed without Ctrl or Alt: off in text fields, and where single keys are turned off. */
export const isSingle = (keys: string): boolean => !/^(Ctrl\+|Alt\+|(Shift\+)?F\d)/.test(keys)

/** Of text fields and of every page: copying, undoing, going by words stay what they are while somebody types. */
export const isEditing = (keys: string): boolean => /^Ctrl\+(Shift\+)?([ACVXZY]|Backspace|Delete|Home|End|Arrow\w+)$/.test(keys) || /^(Alt\+)?(Shift\+)?Arrow\w+$/.test(keys)

/** Why keys cannot be given to a command, as a sentence; null if they can. */
export function keysMistake(keys: string): string | null {
  if (/(^|\+)(Control|Shift|Alt|Meta|AltGraph|CapsLock|NumLock|Dead|Process|Unidentified|Fn|Hyper|Super|OS)$/.test(keys)) return 'Press a key together with it.'
  if (/^(Shift\+)?(Tab|Enter|Escape)$/.test(keys) || /^(Shift\+)?(Arrow\w+|Page(Up|Down)|Home|Delete|Backspace)$/.test(keys)) return `${keys} moves about in lists and fields, and stays with that.`
  if (/^Ctrl\+[ACVX]$/.test(keys)) return `${keys} is every program’s own.`
  if (/^(Shift\+F10|ContextMenu|Alt\+F4|Ctrl\+F4)$/.test(keys)) return `${keys} belongs to the system.`
  return null
}

/** What browsers do not let go; the desktop app has them. */
export const isBrowsersOwn = (keys: string): boolean => /^Ctrl\+(Shift\+)?[NTW]$/.test(keys) || keys === 'Ctrl+Tab' || keys === 'Ctrl+Shift+Tab'

/** Other commands that the same keys would mean in the same place. */
export function conflictsOf(id: string, keys: string, bindings: Bindings): KnownCommand[] {
  const where = knownCommand(id)?.where ?? 'anywhere'
  return commandCatalogue.filter((other) => other.id !== id && meet(where, other.where) && boundKeys(other.id, other.keys, bindings) === keys)
}

/** The focus in a list or a drawing comes first, and so shares no place with others that act anywhere: the list's keys are taken to be wanted. */
function meet(a: Where, b: Where): boolean {
  if (a === b) return true
  if (a === 'drawing' || b === 'drawing') return false
  if (a === 'lists' || b === 'lists') return true
  return a === 'anywhere' || b === 'anywhere'
}

/** The bindings with these keys for this command; those that had them lose them. Keys a command comes with need no entry. */
export function bind(id: string, keys: string | null, bindings: Bindings): Bindings {
  const next = { ...bindings }
  for (const other of keys === null ? [] : conflictsOf(id, keys, bindings)) next[other.id] = null
  next[id] = keys
  return withoutDefaults(next)
}

export function unbind(id: string, bindings: Bindings): Bindings {
  return Object.fromEntries(Object.entries(bindings).filter(([other]) => other !== id))
}

const withoutDefaults = (bindings: Bindings): Bindings => Object.fromEntries(Object.entries(bindings).filter(([id, keys]) => (knownCommand(id)?.keys ?? null) !== keys))
