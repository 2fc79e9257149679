/** One export: progress with a way to cancel, what was compared, its manifest, and where it lies. */
import { CircleCheck, CircleSlash, OctagonX, X } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { Button } from '../../parts/Button.tsx'
import { classes } from '../../parts/classes.ts'
import { count } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import { Progress } from '../../parts/Progress.tsx'
import { isRunning, isStoreJob, sumOf } from '../../state/exportJob.ts'
import { cancelExport, canRestart, download, type ExportJob, restartExport, reveal } from '../../state/exports.ts'
import { isDesktop } from '../../state/open.ts'
import { toast } from '../../state/toasts.ts'
import { jobKind } from './destinations.ts'
import css from './ExportDialog.module.css'
import { checkWords, outcomeOf, progressWords } from './exportWords.ts'
import { ManifestView } from './ManifestView.tsx'

export function ExportJobCard({ job }: { job: ExportJob }) {
  const { name, icon } = jobKind(job.kind)
  const progress = progressWords(job)
  return (
    <article className={css['job']} aria-label={`${name} ${job.name}`}>
      <div className={css['jobHead']}>
        <Icon of={icon} size={14} className="t3" />
        <span className="med nw">{job.dryRun ? `${name}, dry run` : name}</span>
        <span className="t3 f11 ell grow" title={job.path ?? job.name}>
          {job.name}
        </span>
        <Outcome job={job} />
      </div>
      {isRunning(job) && <Progress name={`${job.state === 'checking' ? 'Reading back' : 'Writing'} ${job.name}`} value={job.totalRows > 0 ? job.rows / job.totalRows : null} />}
      <div className={css['jobFigures']}>
        <span className="grow">{job.state === 'checking' ? 'reading back…' : progress.rows}</span>
        <span className="nw">{progress.bytes}</span>
      </div>
      {job.store && <StoreLine job={job} store={job.store} />}
      {job.error !== null && <p className="f11 errc">{job.error}</p>}
      {(job.state === 'failed' || job.state === 'cancelled') && <Ended job={job} />}
      {job.checks.length > 0 && <Checks job={job} />}
      {job.manifest !== null && <ManifestView name={job.name} text={job.manifest} />}
      {job.state === 'done' && !job.dryRun && <Places job={job} />}
    </article>
  )
}

function StoreLine({ job: { dryRun, state }, store: { created, changed, equal } }: { job: ExportJob; store: NonNullable<ExportJob['store']> }) {
  if (state !== 'done') return null
  return (
    <p className="f11 t2">
      {count(sumOf(created))} new, {count(sumOf(changed))} changed, {count(sumOf(equal))} equal{dryRun && '; nothing written'}
    </p>
  )
}

/** What is left of one that did not come to its end, and the same once more. */
function Ended({ job }: { job: ExportJob }) {
  const stays = isStoreJob(job) ? (job.dryRun ? 'Nothing was written.' : 'What was written stays; begun again, it goes on from there.') : 'The partial file was removed.'
  return (
    <div className="f11 t2">
      {stays}{' '}
      {canRestart(job.exportId) && (
        <Button tone="link" size="small" className={css['inline']} aria-label={`Try again: ${job.name}`} onClick={() => void restartExport(job.exportId)}>
          Try again
        </Button>
      )}
    </div>
  )
}

function Checks({ job: { checks } }: { job: ExportJob }) {
  return (
    <dl className={css['checks']}>
      {checks.map((check) => (
        <div key={check.what}>
          <dt>{check.what}</dt>
          <dd className={check.ok ? undefined : 'errc'} title={`${check.expected} was expected, ${check.found} found`}>
            {checkWords(check)}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Places({ job }: { job: ExportJob }) {
  const { exportId, download: fetched, path, manifest, gaps, name } = job
  const isFile = !isStoreJob(job)
  // What belongs to a database lies beside nothing: a browser may fetch it.
  const canFetch = fetched || (!isFile && path === null && !isDesktop())
  const copy = (): void => {
    navigator.clipboard.writeText(path ?? '').then(
      () => toast({ tone: 'done', title: 'Path copied', detail: path ?? '' }),
      (error: unknown) => toast({ tone: 'failed', title: 'Not copied', detail: String(error) })
    )
  }
  return (
    <div className={css['places']}>
      {fetched && isFile && <Link name={`Download ${name}`} words="Download" onClick={() => void download(exportId)} />}
      {canFetch && manifest !== null && <Link name={`Download manifest of ${name}`} words={isFile ? 'Manifest' : 'Download manifest'} onClick={() => void download(exportId, 'manifest')} />}
      {canFetch && (gaps ?? null) !== null && <Link name={`Download gaps of ${name}`} words={isFile ? 'Gaps' : 'Download gaps'} onClick={() => void download(exportId, 'gaps')} />}
      {!fetched && isFile && <Link name={`Show in folder: ${name}`} words="Show in folder" onClick={() => void reveal(exportId)} />}
      {path !== null && <Link name={`Copy path of ${name}`} words="Copy path" onClick={copy} />}
    </div>
  )
}

function Link({ name, words, onClick }: { name: string; words: string; onClick: () => void }) {
  return (
    <Button tone="link" size="small" className={css['inline']} aria-label={name} onClick={onClick}>
      {words}
    </Button>
  )
}

const outcomes: Record<Exclude<ReturnType<typeof outcomeOf>, 'running'>, { icon: LucideIcon; tone: string; words: string }> = {
  verified: { icon: CircleCheck, tone: 'okc', words: 'Verified' },
  done: { icon: CircleCheck, tone: 'okc', words: 'Done' },
  differs: { icon: OctagonX, tone: 'errc', words: 'Differs' },
  cancelled: { icon: CircleSlash, tone: 't3', words: 'Cancelled' },
  failed: { icon: OctagonX, tone: 'errc', words: 'Failed' }
}

function Outcome({ job }: { job: ExportJob }) {
  const outcome = outcomeOf(job)
  if (outcome === 'running') return <IconButton small name={`Cancel ${job.name}`} icon={X} onClick={() => void cancelExport(job.exportId)} />
  const { icon, tone, words } = outcomes[outcome]
  return (
    <span className={classes('row f11 nw', tone, css['outcome'])}>
      <Icon of={icon} size={12} /> {words}
    </span>
  )
}
