/** What screen readers are told: one polite region, where words that come fast are joined, at most every five seconds. */
import { create } from 'zustand'

const everyMs = 5000

export const live = create<{ text: string }>()(() => ({ text: '' }))

let waiting: string[] = []
let timer: ReturnType<typeof setTimeout> | null = null
let spokenAt = 0

export function announce(text: string): void {
  if (!waiting.includes(text)) waiting.push(text)
  timer ??= setTimeout(speak, Math.max(50, spokenAt + everyMs - Date.now()))
}

function speak(): void {
  timer = null
  spokenAt = Date.now()
  live.setState({ text: waiting.join(' ') })
  waiting = []
}
