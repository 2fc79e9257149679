/** What this is: version, what it runs on, where it keeps what, and the licences of all it is made of. */
import { Info, Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Brand } from '../Brand.tsx'
import { Button } from '../../parts/Button.tsx'
import { classes } from '../../parts/classes.ts'
import { CopyButton } from '../../parts/CopyButton.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { count } from '../../parts/format.ts'
import { TextField } from '../../parts/TextField.tsx'
import { useCall } from '../../state/query.ts'
import { useEngine } from '../../state/sources.ts'
import { toast } from '../../state/toasts.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import styles from './About.module.css'
import { type About, diagnostics, loadAbout } from './aboutFile.ts'

export function AboutDialog() {
  const open = useWorkbench((s) => s.dialog === 'about')
  return open ? <Body /> : null
}

function Body() {
  const host = useEngine((s) => s.host)
  const { data } = useCall('about.info', {})
  const [about, setAbout] = useState<About | null | undefined>(undefined)
  useEffect(() => void loadAbout().then(setAbout), [])
  const close = (): void => workbench.getState().setDialog(null)
  return (
    <Dialog
      open
      onClose={close}
      icon={Info}
      title="About Provscope"
      className={styles['dialog']}
      foot={
        <>
          <CopyButton name="Copy diagnostics" text={diagnostics({ about: about ?? null, host, info: data, page: navigator.userAgent })} onFailed={(why) => toast({ tone: 'failed', title: 'The diagnostics could not be copied', detail: why })} />
          <span className="grow">Copy diagnostics: versions and figures, no path and nothing of your records.</span>
          <Button size="large" tone="primary" data-autofocus onClick={close}>
            Close
          </Button>
        </>
      }
    >
      <div className={styles['top']}>
        <Brand className={styles['brand']} />
        <p>
          Version {host?.version ?? about?.version ?? '…'}
          {about?.commit && <span className="t3"> ({about.commit})</span>}, under the Apache License 2.0.
        </p>
        <p className="t2">It connects to nothing but the queues and databases that you name; it looks for no updates and reports nothing.</p>
        <dl className={styles['facts']}>
          {data?.versions.map(({ name, version }) => (
            <Fact key={name} name={name} value={version} />
          ))}
          {data?.folders.map(({ what, path }) => (
            <Fact key={what} name={what} value={path} />
          ))}
        </dl>
      </div>
      <Licences about={about} />
    </Dialog>
  )
}

const Fact = ({ name, value }: { name: string; value: string }) => (
  <>
    <dt>{name}</dt>
    <dd className="mono ell" title={value}>
      {value}
    </dd>
  </>
)

function Licences({ about }: { about: About | null | undefined }) {
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  if (about === undefined) return null
  if (about === null) return <p className={styles['none']}>The list of licences is made when Provscope is built, and is not here.</p>
  const words = typed.trim().toLowerCase()
  const found = about.packages.filter(({ name, licence }) => `${name} ${licence}`.toLowerCase().includes(words))
  return (
    <section className={styles['licences']} aria-labelledby="licences-title">
      <header className={styles['bar']}>
        <h3 id="licences-title" className="strong">
          Made of <span className="t3">{words === '' ? count(about.packages.length) : `${count(found.length)} of ${count(about.packages.length)}`} packages</span>
        </h3>
        <span className="grow" />
        <TextField small name="Find a package or licence" icon={Search} placeholder="Find" className={styles['find']} value={typed} onChange={setTyped} />
      </header>
      <ul className={styles['list']} aria-labelledby="licences-title">
        {found.map(({ name, version, licence, where, text, home }) => {
          const key = `${name} ${version}`
          const open = chosen === key
          return (
            <li key={key}>
              <button type="button" className={classes(styles['package'], open && styles['open'])} aria-expanded={open} onClick={() => setChosen(open ? null : key)}>
                <span className="med ell">{name}</span>
                <span className="t3 num">{version}</span>
                <span className="ell">{licence}</span>
                <span className="t3 ell">{where}</span>
              </button>
              {open && (
                <div className={styles['text']}>
                  {home !== null && <p className="t3 mono ell">{home}</p>}
                  {text === null ? <p className="t3">It comes without a text of its licence; it says: {licence}.</p> : <pre tabIndex={0}>{about.texts[text]}</pre>}
                </div>
              )}
            </li>
          )
        })}
        {found.length === 0 && <li className={styles['none']}>None has this in its name or licence.</li>}
      </ul>
    </section>
  )
}
