/** The exports of this session, the latest first. */
import { count } from '../../parts/format.ts'
import { exportsStore } from '../../state/exports.ts'
import { ExportJobCard } from './ExportJobCard.tsx'
import css from './ExportDialog.module.css'

export function ExportJobs() {
  const jobs = exportsStore((s) => s.jobs)
  const total = exportsStore((s) => s.total)
  return (
    <aside className={css['jobs']} aria-label="Exports in this session" tabIndex={0}>
      <h3 className="strong">
        Exports in this session <span className="t3 nw">{count(total)}</span>
      </h3>
      {jobs.length === 0 && <p className={css['none']}>What you export appears here: its progress, what was compared when it was read back, and its manifest.</p>}
      {jobs.map((job) => (
        <ExportJobCard key={job.exportId} job={job} />
      ))}
      {total > jobs.length && <p className={css['none']}>The latest {count(jobs.length)} are listed.</p>}
    </aside>
  )
}
