/** Short notes about what finished or failed away from where the user looks. */
import { create } from 'zustand'
import { announce } from './live.ts'

export type Toast = { key: number; tone: 'done' | 'failed' | 'note'; title: string; detail?: string; action?: { label: string; run: () => void } }

export const toasts = create<{ shown: Toast[] }>()(() => ({ shown: [] }))

let nextKey = 1
export function toast(note: Omit<Toast, 'key'>): void {
  const key = nextKey++
  toasts.setState(({ shown }) => ({ shown: [...shown.slice(-3), { ...note, key }] }))
  announce(note.detail ? `${note.title}. ${note.detail}` : note.title)
}

export const dismissToast = (key: number): void => toasts.setState(({ shown }) => ({ shown: shown.filter((note) => note.key !== key) }))
