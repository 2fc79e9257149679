/** One run's buffer files, what joining them makes, and what became of it. */
import { CircleCheck, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Checkbox } from '../../parts/Checkbox.tsx'
import { bytes, count, counted } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import styles from './BuffersDialog.module.css'
import type { Done, Run, useBuffers } from './useBuffers.ts'

export function RunPart({ run, state }: { run: Run; state: ReturnType<typeof useBuffers> }) {
  const { asking, busy, deletes, done, plan } = state
  const files: (Run['files'][number] & Partial<Pick<Done['files'][number], 'deleted' | 'kept'>>)[] = done?.files ?? run.files
  return (
    <div className={styles['run']}>
      <div className={styles['part']}>
        <table className={styles['files']}>
          <caption className="hidden">Buffer files of the workflow</caption>
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col" className="num">Lines</th>
              <th scope="col" className="num">Size</th>
              <th scope="col">Known by</th>
            </tr>
          </thead>
          <tbody>
            {files.map((file) => (
              <tr key={file.name}>
                <td className="mono f11">
                  <span className={styles['name']} title={file.name}>{file.name}</span>
                  {file.isCutShort && <Warning>the last line is cut short; it is kept as it is</Warning>}
                  {typeof file.kept === 'string' && <Warning>{file.kept}</Warning>}
                </td>
                <td className="num">{count(file.lines)}</td>
                <td className="num nw">{bytes(file.sizeBytes)}</td>
                <td className="t2 nw">{file.deleted === true ? 'deleted' : file.evidence === 'messages' ? 'its messages' : 'its name'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className={styles['part']} aria-live="polite">
        {done ? <Result done={done} /> : plan.data ? <Figures plan={plan.data} run={run} /> : plan.error ? <p className="errc">{plan.error.message}</p> : <p className="t3">{run.files.length === 0 ? `Everything is in ${run.target}.` : '…'}</p>}
      </div>
      {!done && run.files.length > 0 && (
        <div className={styles['part']}>
          {asking ? (
            <div role="alert">
              <p className="med">These {count(run.files.length)} files are deleted once the result was read back and is the same:</p>
              <ul className={styles['doomed']}>
                {run.files.map(({ name }) => (
                  <li key={name} className="mono f11">{name}</li>
                ))}
              </ul>
            </div>
          ) : (
            <Checkbox checked={deletes} disabled={busy} onChange={state.setDeletes}>
              <span>
                Then delete what was joined <span className="t3">only what is verified and has not changed since it was read</span>
              </span>
            </Checkbox>
          )}
        </div>
      )}
    </div>
  )
}

function Figures({ plan, run }: { plan: Done; run: Run }) {
  return (
    <>
      <p>
        <span className="num med">{count(plan.lines)}</span> lines in the order of time in <span className="mono f11">{run.target}</span>
        {run.joined && <span className="t2">, {count(plan.added)} of them new</span>}
      </p>
      {plan.already > 0 && <p className="t2">{counted(plan.already, 'line')} of these files {plan.already === 1 ? 'is' : 'are'} in it already and {plan.already === 1 ? 'is' : 'are'} not added again.</p>}
      {plan.repeated > 0 && <p className="t2">{counted(plan.repeated, 'line')} {plan.repeated === 1 ? 'stands' : 'stand'} there more than once and {plan.repeated === 1 ? 'stays' : 'stay'} so.</p>}
    </>
  )
}

function Result({ done }: { done: Done }) {
  const deleted = done.files.filter((file) => file.deleted).length
  return (
    <>
      <p className="row">
        <Icon of={CircleCheck} size={14} className={styles['good']} />
        <span className="med">{done.written ? `${counted(done.lines, 'line')} written, read back, and the same` : `${counted(done.lines, 'line')}, all there already; read back`}</span>
      </p>
      <p className="mono f11 t2">{done.path}</p>
      {deleted > 0 && <p className="t2">{counted(deleted, 'file')} deleted.</p>}
    </>
  )
}

function Warning({ children }: { children: ReactNode }) {
  return (
    <span className={styles['warning']}>
      <Icon of={TriangleAlert} size={12} className="waitc" />
      {children}
    </span>
  )
}
