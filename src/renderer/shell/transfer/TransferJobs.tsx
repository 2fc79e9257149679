/** The transfers of this session: progress with a way to cancel, and what came of them. */
import { ArrowRight, CircleCheck, CircleSlash, OctagonX, X } from 'lucide-react'
import { count, middle } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import { Progress } from '../../parts/Progress.tsx'
import { cancelTransfer, sum, type TransferJob, transferStore } from '../../state/transfers.ts'
import styles from './TransferDialog.module.css'

export function TransferJobs() {
  const jobs = transferStore((s) => s.jobs)
  return (
    <aside className={styles['jobs']} aria-label="Transfers in this session" tabIndex={0}>
      <div className="strong">
        Transfers in this session <span className="t3 nw">{count(jobs.length)}</span>
      </div>
      {jobs.length === 0 && <p className={styles['none']}>Dry runs and transfers appear here. Begun again after an interruption, one goes on where it was.</p>}
      {jobs.map((job) => (
        <Job key={job.transferId} job={job} />
      ))}
    </aside>
  )
}

function Job({ job }: { job: TransferJob }) {
  const { state, dryRun, from, to, created, changed, equal, different, error, resumed } = job
  return (
    <div className={styles['job']}>
      <div className="row">
        <span className="med grow">{dryRun ? 'Dry run' : resumed ? 'Transfer, gone on with' : 'Transfer'}</span>
        <Outcome job={job} />
      </div>
      <div className={styles['ends']} title={`${from} → ${to}`}>
        <span className="mono f11 ell">{middle(from, 38)}</span>
        <span className="row mono f11 ell">
          <Icon of={ArrowRight} size={12} className="t3" />
          {middle(to, 34)}
        </span>
      </div>
      {state === 'running' && <JobProgress job={job} />}
      <div className="f11 t2">
        {count(sum(created))} new, {count(sum(changed))} changed, {count(sum(equal))} equal
        {state === 'done' && !dryRun && (sum(different) === 0 ? '; read back and equal' : <span className="errc">; {count(sum(different))} differ when read back</span>)}
      </div>
      {error !== null && <p className="f11 errc">{error}</p>}
    </div>
  )
}

export function JobProgress({ job: { read, total, dryRun } }: { job: TransferJob }) {
  const [done, all] = [sum(read), sum(total)]
  return (
    <>
      <Progress name={dryRun ? 'Dry run' : 'Transfer'} value={all > 0 ? done / all : null} />
      <div className="f11 t2">
        {count(done)}
        {all > 0 && ` of ${count(all)}`} records {dryRun ? 'compared' : 'read'}
      </div>
    </>
  )
}

function Outcome({ job: { state, transferId, dryRun, different } }: { job: TransferJob }) {
  switch (state) {
    case 'running':
      return <IconButton small name={dryRun ? 'Cancel the dry run' : 'Cancel the transfer'} icon={X} onClick={() => void cancelTransfer(transferId)} />
    case 'done':
      return sum(different) > 0 ? <Word icon={OctagonX} tone="errc" text="Differs" /> : <Word icon={CircleCheck} tone="okc" text={dryRun ? 'Done' : 'Verified'} />
    case 'cancelled':
      return <Word icon={CircleSlash} tone="t3" text="Cancelled" />
    case 'failed':
      return <Word icon={OctagonX} tone="errc" text="Failed" />
  }
}

function Word({ icon, tone, text }: { icon: typeof X; tone: string; text: string }) {
  return (
    <span className={`row f11 nw ${tone}`} style={{ gap: 4 }}>
      <Icon of={icon} size={12} /> {text}
    </span>
  )
}
