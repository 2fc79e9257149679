/** Views that come from outside the page: files and links that its host was given, a dropped or chosen file, an address. Shown before they do anything. */
import type { BroughtView } from '#contract/savedViews'
import { Refusal } from '#contract/reply'
import { largestViewBytes, type ReadView, readViewLink, readViewText, viewFileEnding } from '#contract/viewFile'
import { call } from '../connection/call.ts'
import { hashOf, isBroughtHash } from './location.ts'
import { viewsStore } from './savedViews.ts'
import { engine } from './sources.ts'
import { workbench } from './workbench.ts'

const mostWaiting = 20
/** The page in front takes what was brought; another one only if nobody did. */
const behindWaitMs = 700

export const isViewFile = (name: string): boolean => name.toLowerCase().endsWith(viewFileEnding)

/** Takes what the host was given, now and whenever something comes; and views that stand in the address. */
export function followBroughtViews(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const take = async (): Promise<void> => {
    const reply = await call('savedViews.take', {})
    if (reply.ok) add(reply.value.brought as BroughtView[])
  }
  const takeSoon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void take(), document.hasFocus() ? 0 : behindWaitMs)
  }
  const ends = [engine.subscribe((s) => `${s.link.state === 'live'} ${s.versions.brought} ${s.epoch}`, takeSoon)]
  takeAddress()
  window.addEventListener('hashchange', takeAddress)
  return () => {
    clearTimeout(timer)
    for (const end of ends) end()
    window.removeEventListener('hashchange', takeAddress)
  }
}

/** A link to this server that holds a view: out of the address at once, and shown like any other that was brought. */
function takeAddress(): void {
  const { hash } = location
  if (!isBroughtHash(hash)) return
  history.replaceState(history.state, '', hashOf(workbench.getState()))
  bringLink(hash)
}

/** False if it is no link to a view at all. */
export function bringLink(link: string): boolean {
  const read = tried(() => readViewLink(link))
  if (read === null) return false
  add(['message' in read ? { kind: 'mistake', from: 'a link', message: read.message } : { kind: 'view', from: 'a link', ...read }])
  return true
}

export async function bringFile(file: File): Promise<void> {
  const text = file.size > largestViewBytes ? null : await file.text()
  const read = text === null ? { message: `${file.name} is too large to be a view.` } : tried(() => readViewText(text))
  add(['message' in read ? { kind: 'mistake', from: file.name, message: read.message } : { kind: 'view', from: file.name, ...read }])
}

/** The first one needs no more attention. */
export const decided = (): void => viewsStore.setState(({ brought }) => ({ brought: brought.slice(1) }))

const add = (more: BroughtView[]): void => {
  if (more.length > 0) viewsStore.setState(({ brought }) => ({ brought: [...brought, ...more].slice(0, mostWaiting) }))
}

function tried<T extends ReadView | null>(read: () => T): T | { message: string } {
  try {
    return read()
  } catch (error) {
    if (error instanceof Refusal) return { message: error.message }
    throw error
  }
}
