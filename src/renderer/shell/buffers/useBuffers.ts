/** What the dialog of buffers is set to: the folder, what was found there, the run chosen, what joining it would do, and the doing. */
import { useState } from 'react'
import type { Result } from '#contract/methods'
import { call } from '../../connection/call.ts'
import { isDesktop } from '../../state/open.ts'
import { useCall } from '../../state/query.ts'

export type Found = Result<'buffers.find'>
export type Run = Found['runs'][number]
export type Done = Result<'buffers.consolidate'>

export function useBuffers() {
  const [folder, setFolder] = useState<string | null>(null)
  const [looking, setLooking] = useState(false)
  const [chosen, setChosen] = useState<string | null>(null)
  const [deletes, setDeletes] = useState(false)
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const [done, setDone] = useState<Done | null>(null)
  const [mistake, setMistake] = useState<string | null>(null)
  const found = useCall('buffers.find', { ...(folder !== null && { handle: folder }) })
  const runs = found.data?.runs ?? []
  const run = runs.find(({ plan }) => plan === chosen) ?? runs.find(({ files }) => files.length > 0) ?? runs[0] ?? null
  const plan = useCall('buffers.consolidate', run && run.files.length > 0 && done === null ? { plan: run.plan, dryRun: true } : null)

  const begin = (): void => {
    setDone(null)
    setMistake(null)
    setAsking(false)
  }
  const choose = (next: string): void => {
    setChosen(next)
    begin()
  }
  const lookIn = (handle: string): void => {
    setFolder(handle)
    setLooking(false)
    setChosen(null)
    begin()
  }
  const chooseFolder = async (): Promise<void> => {
    if (!isDesktop()) return setLooking(true)
    const reply = await call('dialog.open', { kind: 'folder', use: 'write' })
    if (!reply.ok) return setMistake(reply.error.message)
    const [handle] = reply.value.handles
    if (handle !== undefined) lookIn(handle)
  }
  const consolidate = async (): Promise<void> => {
    if (run === null) return
    setBusy(true)
    setMistake(null)
    const reply = await call('buffers.consolidate', { plan: run.plan, deleting: deletes ? run.files.map(({ name }) => name) : [] })
    setBusy(false)
    setAsking(false)
    if (!reply.ok) return setMistake(reply.error.message)
    setChosen(run.plan)
    setDone(reply.value)
    found.retry()
  }
  return { found, run, runs, plan, looking, setLooking, lookIn, choose, chooseFolder, deletes, setDeletes, asking, setAsking, busy, done, mistake, consolidate }
}
