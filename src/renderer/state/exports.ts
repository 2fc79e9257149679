/** Exports of this session: started, followed, told of when they end, fetched by the browser in served mode. */
import { create } from 'zustand'
import type { Run } from '#contract/compare'
import type { ExportJob, ExportPart } from '#contract/exports'
import type { Given } from '#contract/methods'
import { call } from '../connection/call.ts'
import { isRunning, isStoreJob, sumOf } from './exportJob.ts'
import { choicePref, type ExportChoice, isDocument, readChoice } from './exportChoice.ts'
import { announce } from './live.ts'
import { isDesktop } from './open.ts'
import { prefOf } from './prefs.ts'
import { engine } from './sources.ts'
import { type Toast, toast } from './toasts.ts'
import { workbench } from './workbench.ts'

export type { ExportJob }

/** What the dialog begins with, where that is not what was chosen last: a run or a task by its id. */
export type ExportOpening = Partial<ExportChoice> & { runId?: string; taskId?: string }

export const exportsStore = create<{ jobs: ExportJob[]; total: number; opening: ExportOpening }>()(() => ({ jobs: [], total: 0, opening: {} }))

/** For who has something to take out. */
export function openExport(opening: ExportOpening = {}): void {
  exportsStore.setState({ opening })
  workbench.getState().setDialog('export')
}

/** A document about a run or a task: of the kind chosen last, or else PROV-JSON. */
export function openDocument(opening: ExportOpening): void {
  const { to } = readChoice(prefOf(choicePref))
  openExport({ to: isDocument(to) ? to : 'prov-json', ...opening })
}

/** A run, in whichever source it lies, as provenance or a report. */
export function openRunDocument({ sourceId, kind, id }: Run): void {
  workbench.getState().openSource(sourceId)
  openDocument(id === null || kind === 'all' ? { about: 'whole' } : { about: kind, runId: id })
}

type Start = { method: 'exports.start'; params: Given<'exports.start'> } | { method: 'exports.store'; params: Given<'exports.store'> } | { method: 'exports.document'; params: Given<'exports.document'> }

/** Begun by this page: how they can be begun again. */
const started = new Map<string, Start>()
/** Of those, the ones whose end was not told yet. */
const untold = new Set<string>()
/** For who has begun one by other ways. */
export const noteStarted = (exportId: string): void => void untold.add(exportId)

/** The id of the export, or why it did not begin. */
export async function startExport(start: Start): Promise<{ exportId: string } | { mistake: string }> {
  const reply = start.method === 'exports.start' ? await call(start.method, start.params) : start.method === 'exports.store' ? await call(start.method, start.params) : await call(start.method, start.params)
  if (!reply.ok) return { mistake: reply.error.message }
  const { exportId } = reply.value
  started.set(exportId, start)
  noteStarted(exportId)
  await refreshExports()
  return { exportId }
}

/** Asks for a place where there is a native dialog. Null: the person cancelled. */
export async function chooseTarget(name: string): Promise<{ name: string; handle?: string } | { mistake: string } | null> {
  if (!isDesktop()) return { name }
  const saved = await call('dialog.save', { name })
  if (!saved.ok) return { mistake: saved.error.message }
  return saved.value.handle === null ? null : { name, handle: saved.value.handle }
}

export const canRestart = (exportId: string): boolean => started.has(exportId)

/** The same once more; it is another one in the list. */
export async function restartExport(exportId: string): Promise<void> {
  const start = started.get(exportId)
  if (!start) return
  const outcome = await startExport(start)
  if ('mistake' in outcome) toast({ tone: 'failed', title: 'It could not be tried again', detail: outcome.mistake })
}

/** Watches jobs until stopped: polls while one is being written, and when the log says that one changed. */
export function followExports(): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null
  const refresh = async (): Promise<void> => {
    if (timer) clearTimeout(timer)
    timer = null
    await refreshExports()
    if (exportsStore.getState().jobs.some(isRunning)) timer ??= setTimeout(() => void refresh(), pollMs)
  }
  const end = engine.subscribe((state) => `${state.epoch} ${state.versions.export} ${state.link.state}`, () => engine.getState().link.state === 'live' && void refresh())
  return () => {
    end()
    if (timer) clearTimeout(timer)
  }
}

/** For who has just begun one and cannot wait for the log. */
export async function refreshExports(): Promise<void> {
  const reply = await call('exports.list', { limit: mostListed })
  if (reply.ok) takeJobs(reply.value.exports, reply.value.total)
}

/** Keeps the list, and tells of those that ended since. */
export function takeJobs(jobs: ExportJob[], total = jobs.length): void {
  tell(jobs)
  exportsStore.setState({ jobs, total })
}

const pollMs = 500
const mostListed = 50

/** The browser's own download, by an address that is good once. */
export async function download(exportId: string, part: ExportPart = 'file'): Promise<void> {
  const reply = await call('exports.ticket', { exportId, part })
  if (!reply.ok) return toast({ tone: 'failed', title: 'The file could not be fetched', detail: reply.error.message })
  const link = document.createElement('a')
  link.href = reply.value.url
  link.download = ''
  link.click()
}

export async function reveal(exportId: string): Promise<void> {
  const reply = await call('exports.reveal', { exportId })
  if (!reply.ok) toast({ tone: 'failed', title: 'The folder could not be shown', detail: reply.error.message })
}

export async function cancelExport(exportId: string): Promise<void> {
  const reply = await call('exports.cancel', { exportId })
  if (!reply.ok) toast({ tone: 'failed', title: 'The export could not be cancelled', detail: reply.error.message })
}

const figures = new Intl.NumberFormat('en-US')

function tell(jobs: ExportJob[]): void {
  const before = new Map(exportsStore.getState().jobs.map((job) => [job.exportId, job]))
  for (const job of jobs) {
    const was = before.get(job.exportId)
    // News once: a short one may have ended before this page first saw it, or knew that it is its own.
    if (isRunning(job) || !((was && isRunning(was)) || untold.has(job.exportId))) continue
    untold.delete(job.exportId)
    const news = isStoreJob(job) ? newsOfStore(job) : newsOfFile(job)
    // While the dialog is open its list says all of it, and a note would lie over its button.
    if (workbench.getState().dialog === 'export') announce(`${news.title}. ${news.detail}`)
    else if (!job.dryRun || job.state === 'failed') toast(news)
    if (job.state === 'done' && job.download && !isStoreJob(job)) void download(job.exportId)
  }
}

type News = Omit<Toast, 'key' | 'detail'> & { detail: string }

function newsOfFile(job: ExportJob): News {
  if (job.state === 'failed') return { tone: 'failed', title: `Exporting ${job.name} failed`, detail: job.error ?? 'No reason was given.' }
  if (job.state === 'cancelled') return { tone: 'note', title: `Exporting ${job.name} was cancelled`, detail: 'The partial file was removed.' }
  const action = job.download ? { label: 'Download again', run: () => void download(job.exportId) } : { label: 'Show in folder', run: () => void reveal(job.exportId) }
  // Bytes of an object have no rows.
  return { tone: 'done', title: job.totalRows === 0 && job.rows === 0 ? `Written: ${job.name}` : `Exported ${figures.format(job.rows)} rows`, detail: job.path ?? job.name, action }
}

function newsOfStore(job: ExportJob): News {
  const action = { label: 'Show', run: () => openExport() }
  const what = job.dryRun ? 'The dry run' : `Exporting to ${job.name}`
  if (job.state === 'failed') return { tone: 'failed', title: `${what} failed`, detail: job.error ?? 'No reason was given.', action }
  if (job.state === 'cancelled') return { tone: 'note', title: `${what} was stopped`, detail: job.dryRun ? 'Nothing was written.' : 'What was written stays; begun again, it goes on from there.', action }
  const changes = job.store ? sumOf(job.store.created) + sumOf(job.store.changed) : job.rows
  return { tone: 'done', title: job.dryRun ? `${figures.format(changes)} records would be written` : `${figures.format(changes)} records written and read back`, detail: job.name, action }
}
