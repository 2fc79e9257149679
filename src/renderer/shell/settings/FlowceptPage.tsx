/** Flowcept's settings as Flowcept itself would find them: each value, where it comes from and what it won over. Only read. */
import { CircleCheck, CircleDashed } from 'lucide-react'
import { useState } from 'react'
import type { Result } from '#contract/methods'
import { Button } from '../../parts/Button.tsx'
import { classes } from '../../parts/classes.ts'
import { CopyButton } from '../../parts/CopyButton.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { Segmented } from '../../parts/Segmented.tsx'
import { useCall } from '../../state/query.ts'
import { toast } from '../../state/toasts.ts'
import { OriginTag, OriginWords } from '../connect/OriginTag.tsx'
import styles from './Settings.module.css'

type Shown = Result<'settings.flowcept'>
type Value = Shown['settings'][number]

const sections: readonly { name: string; prefix: string }[] = [
  { name: 'Message queue', prefix: 'mq.' },
  { name: 'Key-value store', prefix: 'kv_db.' },
  { name: 'LMDB', prefix: 'databases.lmdb.' },
  { name: 'MongoDB', prefix: 'databases.mongodb.' },
  { name: 'Writing to databases', prefix: 'db_buffer.' },
  { name: 'Project and buffer', prefix: 'project.' },
  { name: 'The machine', prefix: 'sys_metadata.' }
]

export function FlowceptPage() {
  const { data, error, retry } = useCall('settings.flowcept', {})
  const [all, setAll] = useState(true)
  const failed = (detail: string): void => toast({ tone: 'failed', title: 'Not copied', detail })
  if (error) {
    return (
      <section className={styles['section']}>
        <p className="errc">{error.message}</p>
        <Button size="small" onClick={retry}>
          Try again
        </Button>
      </section>
    )
  }
  if (!data) return <section className={styles['section']} aria-busy="true" />
  const shown = all ? data.settings : data.settings.filter(({ origin }) => origin !== 'default')
  return (
    <section aria-labelledby="settings-title" className={styles['section']}>
      <div className={styles['keysHead']}>
        <h3 id="settings-title" className={classes(styles['title'], 'grow')}>
          Flowcept
        </h3>
        <Segmented
          name="Which values"
          value={all ? 'all' : 'set'}
          onChange={(next) => setAll(next === 'all')}
          options={[
            { value: 'all', label: 'All' },
            { value: 'set', label: 'Set somewhere' }
          ]}
        />
      </div>
      <p className={styles['note']}>Read from here as Flowcept would read them; nothing is written. The strongest first: environment, settings file, Flowcept’s defaults. Recording may go elsewhere: see Recording.</p>
      <Files files={data.files} />
      {data.problems.map((problem) => (
        <p key={problem} className={styles['mistake']}>
          {problem}
        </p>
      ))}
      {shown.length === 0 && <p className={styles['none']}>Nothing is set anywhere: all of Flowcept’s defaults hold.</p>}
      {sections.map(({ name, prefix }) => {
        const mine = shown.filter(({ key }) => key.startsWith(prefix))
        return mine.length === 0 ? null : <Values key={prefix} name={name} prefix={prefix} values={mine} />
      })}
      <div className={styles['copies']}>
        <span className="f12 grow">Set the same elsewhere; passwords are left out</span>
        <span className="f11 t2">Environment</span>
        <CopyButton text={data.environment} name="Copy as environment variables" onFailed={failed} />
        <span className="f11 t2">YAML</span>
        <CopyButton text={data.yaml} name="Copy as YAML" onFailed={failed} />
      </div>
    </section>
  )
}

function Files({ files }: { files: Shown['files'] }) {
  return (
    <ul className={styles['files']} aria-label="Settings files">
      {files.map(({ path, exists, problem }) => (
        <li key={path}>
          <Icon of={exists ? CircleCheck : CircleDashed} size={12} className={exists && problem === null ? 'okc' : 't3'} />
          <span className="mono f11">{path}</span>
          <span className={problem === null ? 'f11 t3' : 'f11 waitc'}>{problem ?? (exists ? 'read' : 'not there')}</span>
        </li>
      ))}
    </ul>
  )
}

function Values({ name, prefix, values }: { name: string; prefix: string; values: readonly Value[] }) {
  return (
    <table className={styles['values']}>
      <caption>{name}</caption>
      <thead className="hidden">
        <tr>
          <th scope="col">Setting</th>
          <th scope="col">Value</th>
          <th scope="col">From</th>
          <th scope="col">Over</th>
        </tr>
      </thead>
      <tbody>
        {values.map((setting) => (
          <tr key={setting.key}>
            <th scope="row" title={setting.variable === null ? setting.key : `${setting.key}, or ${setting.variable}`}>
              {setting.key.slice(prefix.length)}
            </th>
            <td className={classes('mono', 'f11', setting.value === null && styles['unset'])}>{setting.isSecret ? (setting.isSet ? '••••••••' : 'not set') : (setting.value ?? 'not set')}</td>
            <td>
              <OriginTag origin={{ kind: 'setting', setting }} />
            </td>
            <td className={styles['over']}>{setting.origin !== 'default' && <OriginWords origin={{ kind: 'setting', setting }} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
