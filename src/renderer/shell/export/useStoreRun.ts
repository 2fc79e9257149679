/** The dry run of an export to a store and the writing after it: which job of the list belongs to what is chosen now. */
import { useState } from 'react'
import type { ExportJob } from '#contract/exports'
import { isRunning } from '../../state/exportJob.ts'
import { cancelExport, exportsStore, startExport } from '../../state/exports.ts'
import { storeParams } from '../../state/exportChoice.ts'
import type { ExportState } from './useExportChoice.ts'

export type StoreRun = {
  /** Of what is chosen now; others' figures are nobody's. */
  job: ExportJob | null
  busy: boolean
  /** Why it did not begin. */
  mistake: string | null
  run: (dryRun: boolean) => Promise<void>
  stop: () => void
  /** A store is chosen. */
  hasPlace: boolean
}

export function useStoreRun({ choice, view, ref, remember }: ExportState): StoreRun {
  const [begun, setBegun] = useState<{ key: string; exportId: string } | null>(null)
  const [mistake, setMistake] = useState<{ key: string; text: string } | null>(null)
  const [busy, setBusy] = useState(false)
  const jobs = exportsStore((s) => s.jobs)
  const params = ref ? storeParams(choice, view, ref) : null
  const key = JSON.stringify(params)
  const job = (begun?.key === key ? jobs.find(({ exportId }) => exportId === begun.exportId) : null) ?? null
  const run = async (dryRun: boolean): Promise<void> => {
    if (!params) return
    setBusy(true)
    setMistake(null)
    remember()
    const started = await startExport({ method: 'exports.store', params: { ...params, dryRun } })
    setBusy(false)
    if ('mistake' in started) setMistake({ key, text: started.mistake })
    else setBegun({ key, exportId: started.exportId })
  }
  return {
    job,
    busy: busy || (job !== null && isRunning(job)),
    mistake: mistake?.key === key ? mistake.text : null,
    run,
    stop: () => job && void cancelExport(job.exportId),
    hasPlace: params !== null
  }
}
