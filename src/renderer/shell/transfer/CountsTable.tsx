/** What a transfer would do, or did, by kind of record: new, changed, equal, problems, and what was read back. */
import { count } from '../../parts/format.ts'
import { recordKinds, sum, type TransferJob } from '../../state/transfers.ts'
import { StoreOutcome } from './StoreOutcome.tsx'
import styles from './TransferDialog.module.css'
import { UnkeptValues } from './UnkeptValues.tsx'

const names = { task: 'tasks', workflow: 'workflows', agent: 'agents', object: 'objects' } as const

export function CountsTable({ job }: { job: TransferJob }) {
  const { total, created, changed, equal, different, dryRun, problems, problemCount } = job
  const verified = job.state === 'done' && !dryRun
  /** Only the first hundred are listed by kind. */
  const listed = problems.length >= problemCount
  return (
    <>
      <StoreOutcome created={sum(created)} changed={sum(changed)} equal={sum(equal)} problems={problemCount} dryRun={dryRun} />
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">records</th>
            <th scope="col">in all</th>
            <th scope="col">new</th>
            <th scope="col">changed</th>
            <th scope="col">equal</th>
            <th scope="col">problems</th>
            {verified && <th scope="col" title="Different when read back">differ</th>}
          </tr>
        </thead>
        <tbody>
          {recordKinds.map((kind) => (
            <tr key={kind} className={total[kind] === 0 ? 't3' : undefined}>
              <th scope="row">{names[kind]}</th>
              <td>{count(total[kind])}</td>
              <td>{count(created[kind])}</td>
              <td>{count(changed[kind])}</td>
              <td>{count(equal[kind])}</td>
              <td>{listed ? count(problems.filter((problem) => problem.kind === kind).length) : '…'}</td>
              {verified && <td className={different[kind] > 0 ? 'errc' : undefined}>{count(different[kind])}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      <UnkeptValues problems={problems} problemCount={problemCount} />
    </>
  )
}
