/** Exports of this session: started, followed, told of when they end, fetched by the browser in served mode. */
import { create } from 'zustand'
import type { Result } from '#contract/methods'
import { call } from '../connection/call.ts'
import { engine } from './sources.ts'
import { toast } from './toasts.ts'

export type ExportJob = Result<'exports.list'>['exports'][number]

export const exportsStore = create<{ jobs: ExportJob[] }>()(() => ({ jobs: [] }))

/** Watches jobs until stopped: polls while one is being written, and when the log says that one changed. */
export function followExports(): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null
  const refresh = async (): Promise<void> => {
    if (timer) clearTimeout(timer)
    timer = null
    const reply = await call('exports.list', { limit: 50 })
    if (!reply.ok) return
    takeJobs(reply.value.exports)
    if (reply.value.exports.some((job) => job.state === 'writing')) timer ??= setTimeout(() => void refresh(), pollMs)
  }
  const end = engine.subscribe((state) => `${state.epoch} ${state.versions.export} ${state.link.state}`, () => engine.getState().link.state === 'live' && void refresh())
  return () => {
    end()
    if (timer) clearTimeout(timer)
  }
}

/** Keeps the list, and tells of those that ended since. */
export function takeJobs(jobs: ExportJob[]): void {
  tell(jobs)
  exportsStore.setState({ jobs })
}

/** For who has just begun one and cannot wait for the log. */
export async function refreshExports(): Promise<void> {
  const reply = await call('exports.list', { limit: 50 })
  if (reply.ok) takeJobs(reply.value.exports)
}

const pollMs = 500

/** The browser's own download, by an address that is good once. */
export async function download(exportId: string): Promise<void> {
  const reply = await call('exports.ticket', { exportId })
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

const rows = new Intl.NumberFormat('en-US')

function tell(jobs: ExportJob[]): void {
  const before = new Map(exportsStore.getState().jobs.map((job) => [job.exportId, job]))
  for (const job of jobs) {
    const was = before.get(job.exportId)
    // News once: a short one may have ended before this page first saw it, or knew that it is its own.
    if (job.state === 'writing' || !(was?.state === 'writing' || started.has(job.exportId))) continue
    started.delete(job.exportId)
    if (job.state === 'done') {
      const action = job.download ? { label: 'Download again', run: () => void download(job.exportId) } : { label: 'Show in folder', run: () => void reveal(job.exportId) }
      // Bytes of an object have no rows.
      toast({ tone: 'done', title: job.totalRows === 0 && job.rows === 0 ? `Written: ${job.name}` : `Exported ${rows.format(job.rows)} rows`, detail: job.path ?? job.name, action })
      if (job.download) void download(job.exportId)
    } else if (job.state === 'failed') toast({ tone: 'failed', title: `Exporting ${job.name} failed`, detail: job.error ?? 'No reason was given.' })
    else toast({ tone: 'note', title: `Exporting ${job.name} was cancelled`, detail: 'The partial file was removed.' })
  }
}

/** Begun by this page. */
const started = new Set<string>()
export const noteStarted = (exportId: string): void => void started.add(exportId)
