/** Records from one store to another: a dry run first, with its counts, then the writing, verified by reading back. */
import { ArrowLeftRight, FlaskConical } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { count, counted } from '../../parts/format.ts'
import { cancelTransfer, noPlace, type Place, refOf, startTransfer, sum, type TransferJob, transferStore } from '../../state/transfers.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { CountsTable } from './CountsTable.tsx'
import { StoreChoice } from './StoreChoice.tsx'
import styles from './TransferDialog.module.css'
import { JobProgress, TransferJobs } from './TransferJobs.tsx'

export function TransferDialog() {
  const open = useWorkbench((s) => s.dialog === 'transfer')
  return open ? <Body /> : null
}

/** Of which ends the figures are: others, and they are nobody's. */
const pairOf = (from: Place, to: Place): string => JSON.stringify([refOf(from), refOf(to)])

function useTransfer() {
  const [from, setFrom] = useState<Place>(() => transferStore.getState().from ?? noPlace)
  const [to, setTo] = useState<Place>({ ...noPlace, type: from.type === 'mongodb' ? 'lmdb' : 'mongodb' })
  const [begun, setBegun] = useState<{ pair: string; transferId: string } | null>(null)
  const [mistake, setMistake] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const jobs = transferStore((s) => s.jobs)
  const pair = pairOf(from, to)
  const job = begun?.pair === pair ? jobs.find(({ transferId }) => transferId === begun.transferId) : undefined
  const [source, target] = [refOf(from), refOf(to)]
  const run = async (dryRun: boolean): Promise<void> => {
    if (!source || !target) return
    setBusy(true)
    setMistake(null)
    const started = await startTransfer(source, target, dryRun)
    setBusy(false)
    if ('mistake' in started) setMistake(started.mistake)
    else setBegun({ pair, transferId: started.transferId })
  }
  return { from, setFrom, to, setTo, job, mistake, run, ready: source !== null && target !== null && !busy && job?.state !== 'running', busy: busy || job?.state === 'running' }
}

function Body() {
  const { from, setFrom, to, setTo, job, mistake, run, ready, busy } = useTransfer()
  const close = (): void => workbench.getState().setDialog(null)
  return (
    <Dialog
      open
      onClose={close}
      icon={ArrowLeftRight}
      title="Transfer between stores"
      className={styles['dialog']}
      foot={
        <>
          {mistake === null ? (
            <span className="grow">Records are merged, never replaced. Can be repeated: the same transfer changes nothing the second time.</span>
          ) : (
            <span className="errc grow" role="alert">
              {mistake}
            </span>
          )}
          <Button size="large" onClick={close}>
            Close
          </Button>
          <Primary job={job} ready={ready} run={run} />
        </>
      }
    >
      <div className={styles['columns']}>
        <div className={styles['form']}>
          <section className={styles['part']}>
            <StoreChoice end="from" place={from} onChange={setFrom} disabled={busy} />
            <StoreChoice end="to" place={to} onChange={setTo} disabled={busy} asOf={job && !job.dryRun && job.state !== 'running' ? job.transferId : ''} />
          </section>
          <section className={styles['part']}>
            <Figures job={job} onAgain={ready && job ? () => void run(true) : null} />
          </section>
        </div>
        <TransferJobs />
      </div>
    </Dialog>
  )
}

function Primary({ job, ready, run }: { job: TransferJob | undefined; ready: boolean; run: (dryRun: boolean) => Promise<void> }) {
  if (job?.state === 'running') {
    return (
      <Button size="large" onClick={() => void cancelTransfer(job.transferId)}>
        {job.dryRun ? 'Stop the dry run' : 'Stop writing'}
      </Button>
    )
  }
  const toWrite = job?.dryRun && job.state === 'done' ? sum(job.created) + sum(job.changed) : null
  // After an interruption it is gone on with, dry run or not.
  const again = job !== undefined && !job.dryRun && job.state !== 'done'
  if (toWrite === null && !again) {
    return (
      <Button size="large" tone="primary" icon={FlaskConical} disabled={!ready} onClick={() => void run(true)}>
        Dry run
      </Button>
    )
  }
  return (
    <Button size="large" tone="primary" icon={ArrowLeftRight} disabled={!ready || toWrite === 0} onClick={() => void run(false)}>
      {again ? 'Go on writing' : toWrite === 0 ? 'Nothing to write' : `Write ${counted(toWrite ?? 0, 'record')}`}
    </Button>
  )
}

function Figures({ job, onAgain }: { job: TransferJob | undefined; onAgain: (() => void) | null }) {
  if (!job) {
    return (
      <p className={styles['none']}>
        A dry run reads both stores and counts what is new, what would change and what is equal already, by kind. Nothing is written by it.
      </p>
    )
  }
  const { state, dryRun, error, different, created, changed } = job
  const verified = state === 'done' && !dryRun
  return (
    <>
      <div className="row">
        <h3 className="strong">{dryRun ? 'Dry run' : 'Transfer'}</h3>
        <span className="t2 grow">{headline(job)}</span>
        {onAgain && dryRun && (
          <Button tone="link" size="small" onClick={onAgain}>
            Run again
          </Button>
        )}
      </div>
      {state === 'running' && <JobProgress job={job} />}
      {error !== null && (
        <p className="errc" role="alert">
          {error}
        </p>
      )}
      {(state === 'done' || sum(job.read) > 0) && <CountsTable job={job} />}
      {verified && (
        <p className={sum(different) === 0 ? 'okc' : 'errc'} role="status">
          {sum(different) === 0 ? `Verified: the ${counted(sum(created) + sum(changed), 'record')} written ${sum(created) + sum(changed) === 1 ? 'was' : 'were'} read back and ${sum(created) + sum(changed) === 1 ? 'is' : 'are'} equal.` : `${counted(sum(different), 'record')} differ when read back.`}
        </p>
      )}
    </>
  )
}

function headline({ state, dryRun, total, resumed }: TransferJob): string {
  const all = `of ${count(sum(total))} records`
  if (state === 'running') return dryRun ? 'comparing; nothing is written' : resumed ? 'writing, from where it was' : 'writing'
  if (state === 'done') return dryRun ? `${all}; nothing was written` : all
  return state === 'cancelled' ? (dryRun ? 'stopped; nothing was written' : 'stopped; what was written stays') : 'failed'
}
