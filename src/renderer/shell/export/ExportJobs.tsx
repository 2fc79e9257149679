/** The exports of this session: progress with a way to cancel, and where the finished ones lie. */
import { CircleCheck, CircleSlash, OctagonX, Table2, X } from 'lucide-react'
import { Button } from '../../parts/Button.tsx'
import { bytes, count, left } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import { Progress } from '../../parts/Progress.tsx'
import { type ExportJob, cancelExport, download, exportsStore, reveal } from '../../state/exports.ts'
import styles from './ExportDialog.module.css'

export function ExportJobs() {
  const jobs = exportsStore((s) => s.jobs)
  return (
    <aside className={styles['jobs']} aria-label="Exports in this session">
      <div className="strong">
        Exports in this session <span className="t3 nw">{count(jobs.length)}</span>
      </div>
      {jobs.length === 0 && <p className="t3" style={{ marginTop: 8 }}>What you export appears here, with its progress.</p>}
      {jobs.map((job) => (
        <Job key={job.exportId} job={job} />
      ))}
    </aside>
  )
}

function Job({ job }: { job: ExportJob }) {
  return (
    <div className={styles['job']}>
      <div className="row">
        <Icon of={Table2} size={14} className="t3" />
        <span className="med ell grow" title={job.path ?? job.name}>
          {job.name}
        </span>
        <Outcome job={job} />
      </div>
      {job.state === 'writing' && <Progress name={`Writing ${job.name}`} value={job.totalRows > 0 ? job.rows / job.totalRows : null} />}
      <div className="row f11 t2">
        <span className="grow">
          {job.state === 'done' ? `${count(job.rows)} rows` : `${count(job.rows)} of ${count(job.totalRows)} rows`}
          {job.state === 'writing' && job.secondsLeft !== null && `, ${left(job.secondsLeft)}`}
        </span>
        <span className="nw">{bytes(job.bytes)}</span>
      </div>
      {job.error !== null && <p className="f11 errc">{job.error}</p>}
      {job.state === 'done' && (
        <div className="row">
          {job.download ? (
            <Button tone="link" size="small" onClick={() => void download(job.exportId)}>
              Download
            </Button>
          ) : (
            <Button tone="link" size="small" onClick={() => void reveal(job.exportId)}>
              Show in folder
            </Button>
          )}
          {job.path !== null && (
            <Button tone="link" size="small" onClick={() => void navigator.clipboard.writeText(job.path ?? '')}>
              Copy path
            </Button>
          )}
        </div>
      )}
    </div>
  )
}

function Outcome({ job }: { job: ExportJob }) {
  switch (job.state) {
    case 'writing':
      return <IconButton small name={`Cancel ${job.name}`} icon={X} onClick={() => void cancelExport(job.exportId)} />
    case 'done':
      return (
        <span className="row f11 okc nw" style={{ gap: 4 }}>
          <Icon of={CircleCheck} size={12} /> Done
        </span>
      )
    case 'cancelled':
      return (
        <span className="row f11 t3 nw" style={{ gap: 4 }}>
          <Icon of={CircleSlash} size={12} /> Cancelled
        </span>
      )
    case 'failed':
      return (
        <span className="row f11 errc nw" style={{ gap: 4 }}>
          <Icon of={OctagonX} size={12} /> Failed
        </span>
      )
  }
}
