/** Values that look like secrets: which, where and why, and what is to become of them before they leave. */
import { KeyRound, ShieldCheck } from 'lucide-react'
import type { SecretTreatment } from '#contract/exports'
import { Button } from '../../parts/Button.tsx'
import { count, counted } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { Segmented } from '../../parts/Segmented.tsx'
import css from './ExportDialog.module.css'
import type { Secrets } from './useSecrets.ts'

const treatments: { value: SecretTreatment; label: string }[] = [
  { value: 'replace', label: 'Replace' },
  { value: 'leave-out', label: 'Leave out' },
  { value: 'keep', label: 'Keep' }
]

const consequences: Record<SecretTreatment, string> = {
  replace: 'A mark is put in the place of each; the manifest counts them.',
  'leave-out': 'Their fields are left out, null in a table; the manifest counts them.',
  keep: 'They leave as they are: whoever has the result can read them.'
}

export function SecretsPanel({ secrets: { data, error, loading, current, retry }, treatment, onTreatment }: { secrets: Secrets; treatment: SecretTreatment; onTreatment: (treatment: SecretTreatment) => void }) {
  const none = data !== null && data.values === 0
  const kinds = [...new Set(data?.fields.map(({ records }) => records))]
  return (
    <section className={css['part']} aria-label="Secrets">
      <div className={css['secretsHead']}>
        <Icon of={none && current ? ShieldCheck : KeyRound} size={14} className={none ? 't3' : 'waitc'} />
        <span className="grow" aria-live="polite">
          {data === null ? (
            <span className="t2">{error ? 'Secrets could not be looked for' : 'Looking for values that look like secrets…'}</span>
          ) : none ? (
            <span className="t2">{current ? 'No value looks like a secret' : 'Looking for values that look like secrets…'}</span>
          ) : (
            <>
              <span className="strong">
                {counted(data.values, 'value')} {data.values === 1 ? 'looks like a secret' : 'look like secrets'}
              </span>{' '}
              <span className="t3">
                in {counted(data.total, 'field')} of {kinds.join(' and ')}
                {loading && !current && ', counted anew…'}
              </span>
            </>
          )}
        </span>
        {!(none && current) && <Segmented name="What becomes of secrets" value={treatment} options={treatments} onChange={onTreatment} />}
      </div>
      {error && data === null && (
        <div className="row" role="alert">
          <span className="errc grow">{error.message}</span>
          <Button size="small" onClick={retry}>
            Try again
          </Button>
        </div>
      )}
      {data !== null && !none && (
        <>
          <Fields data={data} />
          <p className={treatment === 'keep' ? 'f11 waitc' : 'f11 t3'}>{consequences[treatment]}</p>
        </>
      )}
    </section>
  )
}

function Fields({ data: { fields, total } }: { data: NonNullable<Secrets['data']> }) {
  return (
    <div className={css['secrets']} tabIndex={0} role="group" aria-label="Fields with values that look like secrets">
      <table>
        <colgroup>
          <col />
          <col className={css['valuesColumn']} />
          <col className={css['maskedColumn']} />
          <col className={css['whyColumn']} />
        </colgroup>
        <thead className="hidden">
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Values</th>
            <th scope="col">One of them, masked</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ records, field, values, masked, why }) => (
            <tr key={`${records} ${field}`}>
              <th scope="row" className="mono f11" title={`${field} of ${records}`}>
                <bdi>{field}</bdi>
              </th>
              <td className="f11 t3 num">{values > 1 ? count(values) : ''}</td>
              <td className="mono f11 t3">{masked}</td>
              <td className="f11 t3">{why}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {total > fields.length && <p className="f11 t3">and {counted(total - fields.length, 'more field')}</p>}
    </div>
  )
}
