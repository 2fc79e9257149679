import { describe, expect, test } from 'vitest'
import { keysSchema } from '#contract/settingList'
import { commandCatalogue } from './commandCatalogue.ts'
import { bind, boundKeys, conflictsOf, isEditing, isSingle, type KeyPress, keysMistake, keysOf, unbind } from './keyBindings.ts'

const press = (key: string, more: Partial<KeyPress> & { altGr?: boolean } = {}): KeyPress => ({ key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, getModifierState: (name) => name === 'AltGraph' && more.altGr === true, ...more })

test.each([
  [press('k', { ctrlKey: true }), 'Ctrl+K'],
  [press('k', { metaKey: true }), 'Ctrl+K'],
  [press('E', { shiftKey: true }), 'Shift+E'],
  [press('?', { shiftKey: true }), '?'],
  [press(' '), 'Space'],
  [press('F6', { shiftKey: true }), 'Shift+F6'],
  // A German keyboard on Windows, where AltGr is Ctrl and Alt together.
  [press('[', { ctrlKey: true, altKey: true, altGr: true, code: 'Digit8' }), '['],
  // macOS makes a sign of Option with a letter.
  [press('ƒ', { altKey: true, code: 'KeyF' }), 'Alt+F'],
  [press('+'), '+'],
  [press(',', { ctrlKey: true }), 'Ctrl+,']
])('a press %# is %s', (event, keys) => {
  expect(keysOf(event)).toBe(keys)
  expect(keysSchema.safeParse(keys).success, 'and may stand in the settings').toBe(true)
})

test('single keys are those without Ctrl, Alt or a number of their own', () => {
  expect(['F', 'Shift+E', '/', 'Space', 'End'].every(isSingle)).toBe(true)
  expect(['Ctrl+F', 'Alt+F', 'F6', 'Shift+F6', 'Ctrl+Shift+O'].some(isSingle)).toBe(false)
})

test('what edits text is not taken from a field', () => {
  expect(['Ctrl+A', 'Ctrl+C', 'Ctrl+Shift+Z', 'Ctrl+ArrowLeft', 'Shift+ArrowUp', 'Ctrl+Backspace'].every(isEditing)).toBe(true)
  expect(['Ctrl+K', 'Ctrl+E', 'F6', 'Ctrl+Enter'].some(isEditing)).toBe(false)
})

describe('what may be a key', () => {
  test.each(['Control', 'Ctrl+Shift', 'Tab', 'Shift+Tab', 'Escape', 'Enter', 'ArrowUp', 'Ctrl+C', 'Ctrl+V', 'Shift+F10', 'Dead'])('%s is none, with a reason', (keys) => expect(keysMistake(keys)).toMatch(/\.$/))
  test.each(['Ctrl+Enter', 'Alt+ArrowUp', 'G', 'Space', 'F9', 'Ctrl+Shift+F', 'End'])('%s is one', (keys) => expect(keysMistake(keys)).toBeNull())
})

test('as they come, no two commands mean the same keys in the same place', () => {
  const shared = commandCatalogue.filter(({ id, keys }) => keys !== undefined && conflictsOf(id, keys, {}).length > 0)
  expect(shared).toEqual([])
  expect(new Set(commandCatalogue.map(({ id }) => id)).size).toBe(commandCatalogue.length)
})

test('as they come, all keys may be keys', () => {
  for (const { keys } of commandCatalogue) if (keys !== undefined) expect([keysMistake(keys), keysSchema.safeParse(keys).success]).toEqual([null, true])
})

describe('bindings', () => {
  test('take the place of what a command comes with; null takes keys away', () => {
    expect(boundKeys('filter', 'F', {})).toBe('F')
    expect(boundKeys('filter', 'F', { filter: 'Ctrl+Shift+F' })).toBe('Ctrl+Shift+F')
    expect(boundKeys('filter', 'F', { filter: null })).toBeUndefined()
    expect(boundKeys('toString', 'F', {})).toBe('F')
  })

  test('views of their own may share keys; what acts anywhere meets them all; a drawing with the focus comes first', () => {
    const names = (id: string, keys: string): string[] => conflictsOf(id, keys, {}).map((other) => other.id)
    expect(names('table.copy', 'E')).toEqual(['table.nextError'])
    expect(names('zone', 'E')).toEqual(['timeline.nextError', 'agents.next-failed', 'table.nextError'])
    expect(names('zone', 'J')).toEqual(['list.next'])
    expect(names('zone', 'W')).toEqual([])
    expect(names('timeline.drawing.in', 'S')).toEqual(['timeline.drawing.out'])
    expect(names('zone', 'Ctrl+K')).toEqual(['palette'])
  })

  test('taking over leaves the other without; what a command comes with is no entry', () => {
    const taken = bind('zone', 'F', {})
    expect(taken).toEqual({ zone: 'F', filter: null })
    expect(conflictsOf('zone', 'F', taken)).toEqual([])
    expect(bind('filter', 'F', taken), 'taken back').toEqual({})
    expect(bind('filter', null, {})).toEqual({ filter: null })
    expect(unbind('filter', taken)).toEqual({ zone: 'F' })
  })
})
