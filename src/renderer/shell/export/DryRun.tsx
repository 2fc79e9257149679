/** What an export would change in a store, and after writing what it did: new, changed, equal, and the fields that change. */
import type { ExportJob } from '#contract/exports'
import { Button } from '../../parts/Button.tsx'
import { classes } from '../../parts/classes.ts'
import { count, counted } from '../../parts/format.ts'
import { Progress } from '../../parts/Progress.tsx'
import { isRunning, type StoreFigures, sumOf } from '../../state/exportJob.ts'
import { StoreOutcome } from '../transfer/StoreOutcome.tsx'
import { UnkeptValues } from '../transfer/UnkeptValues.tsx'
import css from './ExportDialog.module.css'
import { kindWords, outcomeOf, progressWords } from './exportWords.ts'
import type { StoreRun } from './useStoreRun.ts'

export function DryRun({ store: { job, busy, hasPlace, run }, kind }: { store: StoreRun; kind: string }) {
  const dry = job?.dryRun ?? true
  return (
    <section className={css['part']} aria-label={dry ? 'Dry run' : 'Result'}>
      <div className="row">
        <h3 className="strong">{dry ? 'Dry run' : 'Written'}</h3>
        <span className="t3 grow">{job ? headline(job) : 'not run yet: counts what is new, changed and equal; writes nothing'}</span>
        {job && !busy && (
          <Button tone="link" size="small" disabled={!hasPlace} onClick={() => void run(true)}>
            {dry ? 'Run again' : 'Dry run again'}
          </Button>
        )}
      </div>
      {job && isRunning(job) && <Progress name={dry ? 'Comparing' : 'Writing'} value={job.totalRows > 0 ? job.rows / job.totalRows : null} />}
      {job?.error && (
        <p className="errc" role="alert">
          {job.error}
        </p>
      )}
      {job?.store && (job.state === 'done' || sumOf(job.store.total) > 0) && <Figures job={job} figures={job.store} kind={kind} />}
    </section>
  )
}

function headline(job: ExportJob): string {
  const { state, dryRun, store } = job
  const of = store ? kindWords(store.total) : ''
  if (isRunning(job)) return `${dryRun ? 'comparing' : state === 'checking' ? 'reading back' : store?.resumed ? 'writing, from where it was' : 'writing'}, ${progressWords(job).rows}`
  if (state === 'cancelled') return dryRun ? 'stopped; nothing was written' : 'stopped; what was written stays, and is gone on with when it is begun again'
  if (state === 'failed') return dryRun ? 'failed; nothing was written' : 'failed; what was written stays, and is gone on with when it is begun again'
  return dryRun ? `nothing written; ${of} compared` : `${of}${outcomeOf(job) === 'verified' ? ', read back and equal' : ''}`
}

function Figures({ job: { dryRun, state }, figures, kind }: { job: ExportJob; figures: StoreFigures; kind: string }) {
  const { created, changed, equal, different, fields, problemCount } = figures
  const differing = sumOf(different)
  return (
    <>
      <StoreOutcome created={sumOf(created)} changed={sumOf(changed)} equal={sumOf(equal)} problems={problemCount} dryRun={dryRun} />
      {differing > 0 && state === 'done' && !dryRun && (
        <p className="errc" role="alert">
          {counted(differing, 'record')} {differing === 1 ? 'differs' : 'differ'} when read back.
        </p>
      )}
      {fields.length > 0 && <ChangedFields figures={figures} kind={kind} />}
      <UnkeptValues problems={figures.problems} problemCount={problemCount} />
    </>
  )
}

function ChangedFields({ figures: { changed, fields }, kind }: { figures: StoreFigures; kind: string }) {
  return (
    <table className={css['fields']}>
      <thead>
        <tr>
          <th scope="col">{count(sumOf(changed))} changed, by field</th>
          <th scope="col" className="num">
            records
          </th>
          <th scope="col">in {kind}</th>
          <th scope="col">after export</th>
        </tr>
      </thead>
      <tbody>
        {fields.map(({ field, records, there, after }) => (
          <tr key={field}>
            <th scope="row" className="mono f11" title={field}>
              {field}
            </th>
            <td className="num">{count(records)}</td>
            <td className={there === 'null' || there === '' ? 'null' : 't2'} title={there}>
              {there === '' ? 'nothing' : there}
            </td>
            <td className={classes(after === 'null' && 'null')} title={after}>
              {after}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
