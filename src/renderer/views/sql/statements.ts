/** What the console holds: the text being written, and what came of the statement that was run last, for each source. */
import { create } from 'zustand'
import type { Result } from '#contract/methods'
import { ownId } from '#contract/momentId'
import type { CallError } from '#contract/reply'
import type { SqlStep } from '#contract/sql'
import type { Scope } from '#contract/values'
import { call } from '../../connection/call.ts'
import { count, counted } from '../../parts/format.ts'
import { announce } from '../../state/live.ts'
import { loadPref, prefOf, setPref } from '../../state/prefs.ts'
import { engine } from '../../state/sources.ts'
import { noteRun } from './queryLists.ts'

export type Ran = Result<'sql.run'> & { readonly text: string; readonly narrowed: boolean; /** Of the source, when it was run. */ readonly tasks: number }
export type Planned = { readonly steps: readonly SqlStep[]; readonly elapsedMs: number | null; readonly text: string }
export type Outcome = {
  /** What was asked, while the answer is under way. */
  readonly running: { readonly what: 'run' | 'explain' | 'analyze'; readonly text: string; readonly sinceMs: number } | null
  readonly ran: Ran | null
  readonly planned: Planned | null
  readonly error: (CallError & { readonly text: string }) | null
  /** Which of them is shown. */
  readonly shown: 'result' | 'chart' | 'plan'
}
type Statements = { outcomes: Readonly<Record<string, Outcome>>; stops: Readonly<Record<string, AbortController>> }

const nothing: Outcome = { running: null, ran: null, planned: null, error: null, shown: 'result' }
const statements = create<Statements>()(() => ({ outcomes: {}, stops: {} }))

export const textPref = 'sql.text'
export const namePref = 'sql.name'
loadPref(textPref)
loadPref(namePref)

/** @param askedId of a source, or of a moment of it */
export const useOutcome = (askedId: string): Outcome => statements((s) => s.outcomes[askedId] ?? nothing)
export const outcomeOf = (askedId: string): Outcome => statements.getState().outcomes[askedId] ?? nothing

export const currentText = (): string => {
  const text = prefOf(textPref)
  return typeof text === 'string' ? text : ''
}

/** Puts a text into the editor. */
export function writeText(text: string, name: string | null = null): void {
  setPref(textPref, text)
  setPref(namePref, name)
}

export function showPane(askedId: string, shown: Outcome['shown']): void {
  change(askedId, { shown })
}

export async function runText(askedId: string, text: string, scope: Scope | null): Promise<void> {
  const signal = begin(askedId, 'run', text)
  const reply = await call('sql.run', { sourceId: askedId, text, ...(scope && { scope }), limit: 200 }, { signal })
  if (isOver(askedId, signal)) return
  if (!reply.ok) return fail(askedId, text, reply.error)
  const { elapsedMs, total } = reply.value
  change(askedId, { running: null, error: null, shown: outcomeOf(askedId).shown === 'chart' ? 'chart' : 'result', ran: { ...reply.value, text, narrowed: scope !== null, tasks: tasksOf(askedId) } })
  noteRun({ text, at: Date.now() / 1000, rows: total, ms: Math.round(elapsedMs) })
  announce(`${counted(total, 'row')} in ${count(elapsedMs)} milliseconds`)
}

export async function explainText(askedId: string, text: string, scope: Scope | null, analyze: boolean): Promise<void> {
  const signal = begin(askedId, analyze ? 'analyze' : 'explain', text)
  const reply = await call('sql.explain', { sourceId: askedId, text, ...(scope && { scope }), analyze }, { signal })
  if (isOver(askedId, signal)) return
  if (!reply.ok) return fail(askedId, text, reply.error)
  change(askedId, { running: null, error: null, shown: 'plan', planned: { ...reply.value, text } })
}

export function cancelRun(askedId: string): void {
  statements.getState().stops[askedId]?.abort()
  change(askedId, { running: null })
  announce('The query was cancelled')
}

function begin(askedId: string, what: 'run' | 'explain' | 'analyze', text: string): AbortSignal {
  statements.getState().stops[askedId]?.abort()
  const stop = new AbortController()
  statements.setState(({ stops }) => ({ stops: { ...stops, [askedId]: stop } }))
  change(askedId, { running: { what, text, sinceMs: Date.now() } })
  return stop.signal
}

const tasksOf = (askedId: string): number => engine.getState().sources.find(({ sourceId }) => sourceId === ownId(askedId))?.counts.tasks ?? 0

/** Another one has begun since, or it was cancelled. */
function isOver(askedId: string, signal: AbortSignal): boolean {
  return signal.aborted || statements.getState().stops[askedId]?.signal !== signal
}

function fail(askedId: string, text: string, error: CallError): void {
  change(askedId, { running: null, error: error.code === 'cancelled' ? null : { ...error, text } })
}

function change(askedId: string, part: Partial<Outcome>): void {
  statements.setState(({ outcomes }) => ({ outcomes: { ...outcomes, [askedId]: { ...(outcomes[askedId] ?? nothing), ...part } } }))
}
