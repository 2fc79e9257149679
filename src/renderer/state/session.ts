/** The session: the engine is told what this page shows, and a page that begins anew goes on where it, or the last one, was. */
import { create } from 'zustand'
import type { LeftSource } from '#contract/savedViews'
import { call } from '../connection/call.ts'
import { applyAddress, hashOf, readHash } from './location.ts'
import { openRecent } from './open.ts'
import { engine } from './sources.ts'
import { toast } from './toasts.ts'
import { workbench } from './workbench.ts'

/** What was open and is not now. */
export const leftStore = create<{ sources: LeftSource[]; brokeOff: boolean }>()(() => ({ sources: [], brokeOff: false }))

const keepAfterMs = 500

/** Windows of the desktop have a number, which they get again; tabs of a browser a name of their own as long as they live. */
export function pageId(): string {
  const number = new URL(location.href).searchParams.get('window') ?? '1'
  if (window.provscope && /^\d{1,6}$/.test(number)) return `w${number}`
  const kept = sessionStorage.getItem(storageKey)
  // A tab that another one opened begins with a copy of what that one kept.
  if (kept !== null && window.opener === null) return kept
  const fresh = `t${crypto.randomUUID()}`
  sessionStorage.setItem(storageKey, fresh)
  return fresh
}
const storageKey = 'provscope.page'

export function followSession(): () => void {
  const id = pageId()
  const begun = location.hash.startsWith('#/') && readHash(location.hash).sourceId !== undefined
  let asked = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const keep = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (workbench.getState().sourceId !== null) void call('session.keep', { pageId: id, address: hashOf(workbench.getState()) })
  }
  const keepLast = (): void => {
    if (timer !== undefined) keep()
  }
  const ends = [
    workbench.subscribe(hashOf, () => {
      clearTimeout(timer)
      timer = setTimeout(keep, keepAfterMs)
    }),
    engine.subscribe(
      ({ link, epoch, sources }) => (link.state !== 'live' ? '' : `${epoch} ${sources.length}`),
      (state) => {
        if (state === '') return
        void lookLeft(id, asked ? 'later' : begun ? 'addressed' : 'first')
        asked = true
      }
    )
  ]
  window.addEventListener('pagehide', keepLast)
  return () => {
    clearTimeout(timer)
    window.removeEventListener('pagehide', keepLast)
    for (const end of ends) end()
  }
}

async function lookLeft(id: string, when: 'first' | 'addressed' | 'later'): Promise<void> {
  const reply = await call('session.left', { pageId: id })
  if (!reply.ok) return
  const { address, brokeOff, restored, sources } = reply.value
  leftStore.setState({ sources, brokeOff })
  if (when === 'later') return
  const open = engine.getState().sources
  if (when === 'first' && address !== null && open.some(({ sourceId }) => sourceId === readHash(address).sourceId)) applyAddress(address)
  tell({ brokeOff, restored, sources })
}

/** What came back by itself needs no word, unless something had gone wrong or is missing. */
function tell({ brokeOff, restored, sources }: { brokeOff: boolean; restored: number; sources: LeftSource[] }): void {
  const missing = sources.filter(({ why }) => why === 'failed' || why === 'network')
  const detail = [...(missing.length > 0 ? [`Not opened by itself: ${missing.map(({ name }) => name).slice(0, 3).join(', ')}.`] : []), ...(brokeOff && restored > 0 ? [restored === 1 ? 'One source was opened again.' : `${restored} sources were opened again.`] : [])].join(' ')
  if (brokeOff && restored > 0) toast({ tone: 'note', title: 'The last session broke off', detail, ...(missing.length > 0 && { action: showLeft }) })
  else if (missing.length > 0 && restored > 0) toast({ tone: 'note', title: 'Not all of the last session is open', detail, action: showLeft })
}

const showLeft = { label: 'Show', run: () => workbench.getState().setDialog('session') }

/** Opens one of them as its kind asks for. */
export async function openLeft(source: LeftSource): Promise<void> {
  await openRecent(source)
}

export async function openAllLeft(sources: readonly LeftSource[]): Promise<void> {
  for (const source of sources) {
    // What would ask for something each is opened one at a time, by hand.
    if (source.kind !== 'queue' && source.kind !== 'mongodb') await openRecent(source)
  }
}

/** Null: all of them. */
export async function forgetLeft(handle: string | null): Promise<void> {
  const reply = await call('session.forget', handle === null ? {} : { handle })
  if (reply.ok) leftStore.setState(({ sources }) => ({ sources: handle === null ? [] : sources.filter((source) => source.handle !== handle) }))
}
