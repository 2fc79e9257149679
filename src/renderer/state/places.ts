/** Choosing where a store or a buffer lies, or is to lie: by the system's dialogs on the desktop, in a dialog of the page elsewhere. */
import { create } from 'zustand'
import { call } from '../connection/call.ts'
import { isDesktop } from './open.ts'

export type PlaceWish = { type: 'lmdb' | 'jsonl'; use: 'read' | 'write' }
/** @property place its path, for people */
export type ChosenPlace = { handle: string; place: string }

/** What the page's own dialog is asked for, while it is open. */
export const placeStore = create<{ wish: PlaceWish | null; settle: (chosen: ChosenPlace | null) => void }>()(() => ({ wish: null, settle: () => undefined }))

/** Null if nothing was chosen. */
export function choosePlace(wish: PlaceWish): Promise<ChosenPlace | { mistake: string } | null> {
  if (isDesktop()) return wish.type === 'jsonl' && wish.use === 'write' ? saveNatively() : openNatively(wish)
  return new Promise((resolve) => {
    placeStore.getState().settle(null)
    placeStore.setState({
      wish,
      settle: (chosen) => {
        placeStore.setState({ wish: null, settle: () => undefined })
        resolve(chosen)
      }
    })
  })
}

async function openNatively({ type, use }: PlaceWish): Promise<ChosenPlace | { mistake: string } | null> {
  const reply = await call('dialog.open', { kind: type === 'lmdb' ? 'folder' : 'files', use })
  if (!reply.ok) return { mistake: reply.error.message }
  const [handle] = reply.value.handles
  return handle === undefined ? null : { handle, place: reply.value.paths?.[0] ?? 'as chosen' }
}

async function saveNatively(): Promise<ChosenPlace | { mistake: string } | null> {
  const reply = await call('dialog.save', { name: 'flowcept_buffer.jsonl' })
  if (!reply.ok) return { mistake: reply.error.message }
  const { handle, path } = reply.value
  return handle === null ? null : { handle, place: path ?? 'as chosen' }
}
