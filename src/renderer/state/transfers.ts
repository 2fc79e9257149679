/** Transfers between stores: begun, followed, told of when they end. */
import { create } from 'zustand'
import type { Result } from '#contract/methods'
import type { StoreRef } from '#contract/stores'
import { call } from '../connection/call.ts'
import { engine } from './sources.ts'
import { toast } from './toasts.ts'
import { workbench } from './workbench.ts'

export type TransferJob = Result<'transfers.list'>['transfers'][number]
export type Counts = TransferJob['read']
export const recordKinds = ['task', 'workflow', 'agent', 'object'] as const
export const sum = (counts: Counts): number => counts.task + counts.workflow + counts.agent + counts.object

/** A store as the dialog knows it: `place` is its path or URI for people. */
export type Place = { type: StoreRef['type']; handle: string | null; place: string; uri: string; password: string }
export const noPlace: Place = { type: 'lmdb', handle: null, place: '', uri: '', password: '' }
export const refOf = ({ type, handle, uri, password }: Place): StoreRef | null => {
  if (type === 'mongodb') return uri.trim() === '' ? null : { type, uri: uri.trim(), ...(password !== '' && { password }) }
  return handle === null ? null : { type, handle }
}

export const transferStore = create<{ jobs: TransferJob[]; from: Place | null }>()(() => ({ jobs: [], from: null }))

export function openTransfer(from: Place | null = null): void {
  transferStore.setState({ from })
  workbench.getState().setDialog('transfer')
}

/** The id of the transfer, or why it did not begin. */
export async function startTransfer(from: StoreRef, to: StoreRef, dryRun: boolean): Promise<{ transferId: string } | { mistake: string }> {
  const reply = await call('transfers.start', { from, to, dryRun })
  if (!reply.ok) return { mistake: reply.error.message }
  await refresh()
  return { transferId: reply.value.transferId }
}

export async function cancelTransfer(transferId: string): Promise<void> {
  const reply = await call('transfers.cancel', { transferId })
  if (!reply.ok) toast({ tone: 'failed', title: 'The transfer could not be cancelled', detail: reply.error.message })
  await refresh()
}

const pollMs = 400
let timer: ReturnType<typeof setTimeout> | null = null

/** Watches jobs until stopped: polls while one runs, and when the log says that one changed. */
export function followTransfers(): () => void {
  const end = engine.subscribe((state) => `${state.epoch} ${state.versions.transfer} ${state.link.state}`, () => engine.getState().link.state === 'live' && void refresh())
  return () => {
    end()
    if (timer) clearTimeout(timer)
    timer = null
  }
}

async function refresh(): Promise<void> {
  if (timer) clearTimeout(timer)
  timer = null
  const reply = await call('transfers.list', { limit: 50 })
  if (!reply.ok) return
  const before = new Map(transferStore.getState().jobs.map((job) => [job.transferId, job]))
  transferStore.setState({ jobs: reply.value.transfers })
  for (const job of reply.value.transfers) if (before.get(job.transferId)?.state === 'running') tell(job)
  if (reply.value.transfers.some((job) => job.state === 'running')) timer ??= setTimeout(() => void refresh(), pollMs)
}

const figures = new Intl.NumberFormat('en-US')

/** Of a dry run only that it failed: its figures stand in the dialog. While that is open it says everything itself. */
function tell(job: TransferJob): void {
  if (workbench.getState().dialog === 'transfer') return
  const title = `${job.from} → ${job.to}`
  const action = { label: 'Show', run: () => workbench.getState().setDialog('transfer') }
  if (job.state === 'failed') toast({ tone: 'failed', title: job.dryRun ? 'The dry run failed' : 'The transfer failed', detail: `${title}: ${job.error ?? 'no reason was given'}`, action })
  else if (job.dryRun || job.state === 'running') return
  else if (job.state === 'cancelled') toast({ tone: 'note', title: 'The transfer was cancelled', detail: `${title}: what was written stays; begun again, it goes on from there.`, action })
  else {
    const different = sum(job.different)
    const written = figures.format(sum(job.created) + sum(job.changed))
    toast({ tone: different > 0 ? 'failed' : 'done', title: different > 0 ? `${figures.format(different)} records differ when read back` : `Transferred and verified: ${written} records written`, detail: title, action })
  }
}
