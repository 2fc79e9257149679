/** Everything that can be done now, by name: one list feeds the palette, the keyboard and the `?` sheet. */
import { type DependencyList, useEffect } from 'react'
import { create } from 'zustand'
import { prefOf } from './prefs.ts'

/** Preference: false turns off keys that are pressed without Ctrl or Alt. */
export const singleKeysPref = 'keys.single'

export type Command = {
  id: string
  title: string
  /** What it acts on or where, in grey after the title. */
  detail?: string
  /** Where the sheet of shortcuts lists it. */
  group: 'General' | 'Filter' | 'Views' | 'Table' | 'Sources'
  /** E.g. `Ctrl+K`, `Shift+E`, `/`, `F6`. Ctrl stands for Cmd on macOS. */
  keys?: string
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
  if (event.defaultPrevented || event.isComposing) return
  const keys = keysOf(event)
  const single = !/^(Ctrl|Alt|F\d)/.test(keys)
  if (single && (prefOf(singleKeysPref) === false || isTextField(event.target) || document.querySelector('[role=dialog],[role=menu]'))) return
  if (keys === 'Space' && isPressedBySpace(event.target)) return
  const command = commandList().findLast((candidate) => candidate.keys === keys && candidate.unavailable === undefined)
  if (!command) return
  event.preventDefault()
  command.run()
}

/** A key press in the words of `Command.keys`. */
export function keysOf(event: KeyboardEvent): string {
  const name = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toUpperCase() : event.key
  // A shifted sign such as `?` already says its shift.
  const shift = event.shiftKey && (event.key.length > 1 || /[A-Z]/.test(name))
  return [(event.ctrlKey || event.metaKey) && 'Ctrl', event.altKey && 'Alt', shift && 'Shift', name].filter(Boolean).join('+')
}

/** A chosen tab has nothing left to press. */
const isPressedBySpace = (target: EventTarget | null): boolean => target instanceof Element && target.closest('button:not([role=tab][aria-selected=true]),a,input,select,summary,[role=button],[role=radio],[role=option],[role=treeitem],[role=separator]') !== null

export const isTextField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox],[type=radio],[type=range]),textarea,select'))
