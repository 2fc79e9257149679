/**
 * Everything that can be done now, by name: one list feeds the palette, the keyboard and the `?` sheet. A new command also gets a row in
 * commandCatalogue.ts, so that its keys can be changed while its view is not open; buttons show keys with `useKeysOf(id)`.
 */
import { type DependencyList, useEffect } from 'react'
import { create } from 'zustand'
import type { Bindings } from '#contract/settingList'
import { type CommandGroup, knownCommand } from './commandCatalogue.ts'
import { boundKeys, isEditing, isSingle, type KeyPress, keysOf } from './keyBindings.ts'
import { settingNow, useSetting } from './settings.ts'

export type Command = {
  id: string
  title: string
  /** What it acts on or where, in grey after the title. */
  detail?: string
  /** Where the sheet of shortcuts lists it. */
  group: CommandGroup
  /** What it comes with, e.g. `Ctrl+K`, `Shift+E`, `/`, `F6`; Ctrl stands for Cmd on macOS. The person may have given it others, by its id. */
  keys?: string | undefined
  /** Why it cannot be run now; shown in the palette. */
  unavailable?: string | undefined
  /** Left out of the palette: only a key. */
  keyOnly?: boolean
  run: () => void
}

const registered = create<{ groups: Map<symbol, Command[]> }>()(() => ({ groups: new Map() }))

/** Offers commands as long as the component is mounted. */
export function useCommands(build: () => Command[], deps: DependencyList): void {
  useEffect(() => {
    const owner = Symbol()
    registered.setState(({ groups }) => ({ groups: new Map(groups).set(owner, build()) }))
    return () =>
      registered.setState(({ groups }) => {
        const left = new Map(groups)
        left.delete(owner)
        return { groups: left }
      })
    // The caller's deps are this hook's deps.
  }, deps)
}

const listOf = (groups: Map<symbol, Command[]>): Command[] => [...groups.values()].flat()
export const useCommandList = (): Command[] => listOf(registered((s) => s.groups))
export const commandList = (): Command[] => listOf(registered.getState().groups)

/** Runs the command that a key press stands for; a later registration wins. */
export function runKeys(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || capturing) return
  const keys = keysOf(event)
  // Within a shadow root, where an editor may be, the event says no more than whose root it is.
  const target = event.composedPath()[0] ?? event.target
  if (isSingle(keys) && (!settingNow('keys.single') || isTextField(target) || document.querySelector('[role=dialog],[role=menu]'))) return
  if (isEditing(keys) && isTextField(target)) return
  if (keys === 'Space' && isPressedBySpace(target)) return
  const bindings = settingNow('keys.bindings')
  const command = commandList().findLast((candidate) => boundKeys(candidate.id, candidate.keys, bindings) === keys && candidate.unavailable === undefined)
  if (!command) return
  event.preventDefault()
  command.run()
}

let capturing = false
/** While keys are being chosen, they run nothing. */
export const captureKeys = (on: boolean): void => {
  capturing = on
}

/** The keys of a command as they are now: for its button's tooltip. Undefined: it has none, or single keys are off. */
export function useKeysOf(id: string): string | undefined {
  const [bindings] = useSetting('keys.bindings')
  const [single] = useSetting('keys.single')
  return shownKeys(id, knownCommand(id)?.keys, bindings, single)
}

/** The same for who is no component: menus are made when they open. */
export const keysNow = (id: string): string | undefined => shownKeys(id, knownCommand(id)?.keys, settingNow('keys.bindings'), settingNow('keys.single'))

/** Of commands as they are registered now: by the command, as its keys may be others' elsewhere. */
export function useShownKeys(): (command: Pick<Command, 'id' | 'keys'>) => string | undefined {
  const [bindings] = useSetting('keys.bindings')
  const [single] = useSetting('keys.single')
  return ({ id, keys }) => shownKeys(id, keys, bindings, single)
}

function shownKeys(id: string, own: string | undefined, bindings: Bindings, single: boolean): string | undefined {
  const keys = boundKeys(id, own, bindings)
  return keys !== undefined && isSingle(keys) && !single ? undefined : keys
}

/** For who handles keys where the focus is: which of these commands was pressed. */
export function pressedCommand<T extends string>(event: KeyPress, ids: readonly T[]): T | null {
  const keys = keysOf(event)
  if (isSingle(keys) && !settingNow('keys.single')) return null
  const bindings = settingNow('keys.bindings')
  return ids.find((id) => boundKeys(id, knownCommand(id)?.keys, bindings) === keys) ?? null
}

const keyPress = ({ key, code, ctrlKey, metaKey, altKey, shiftKey }: KeyPress): KeyPress => ({ key, code, ctrlKey, metaKey, altKey, shiftKey })

/** The key by which lists, trees and tables move: J and K, or what was put in their place, are the arrows. */
export function moveKey(event: KeyPress): string {
  const ids = ['list.next', 'list.previous'] as const
  // With Shift the same letter extends what is chosen.
  const pressed = pressedCommand(event, ids) ?? (event.key.length === 1 ? pressedCommand({ ...keyPress(event), shiftKey: false }, ids) : null)
  return pressed === null ? event.key : pressed === 'list.next' ? 'ArrowDown' : 'ArrowUp'
}

/** A chosen tab has nothing left to press. */
const isPressedBySpace = (target: EventTarget | null): boolean => target instanceof Element && target.closest('button:not([role=tab][aria-selected=true]),a,input,select,summary,[role=button],[role=radio],[role=option],[role=treeitem],[role=separator]') !== null

export const isTextField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox],[type=radio],[type=range]),textarea,select'))
