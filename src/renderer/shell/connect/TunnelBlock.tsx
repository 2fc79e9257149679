/** The ssh command for a queue that only a login node reaches, and the address to use with it. */
import { Waypoints } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { CopyButton } from '../../parts/CopyButton.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { usePref } from '../../state/prefs.ts'
import styles from './ConnectDialog.module.css'
import { notCopied } from './QueueForm.tsx'
import type { QueueChoice } from './useQueueChoice.ts'

const noLogin = 'login-node'

export function TunnelBlock({ choice: { fields, setHere } }: { choice: QueueChoice }) {
  const [login, setLogin] = usePref('attach.loginHost', '')
  /** Where the tunnel leads, once its near end is what we attach to. */
  const [behind, setBehind] = useState<{ host: string; port: string } | null>(null)
  const through = behind !== null && fields.host === 'localhost' && fields.port === nearPort(behind.port)
  const far = through ? behind : { host: fields.host, port: fields.port }
  const near = nearPort(far.port)
  const command = `ssh -N -L ${near}:${far.host.includes(':') ? `[${far.host}]` : far.host || 'host'}:${far.port} ${loginWords(login)}`
  return (
    <section className={styles['tunnel']} aria-label="Queue behind a login node">
      <div className="row f12">
        <Icon of={Waypoints} size={14} className="t3" />
        <span className="med nw">Queue behind a login node?</span>
        <span className="t2 ell grow">Open a tunnel through</span>
        <TextField small mono name="Login node" placeholder="user@login-node" value={login} onChange={setLogin} className={styles['login']} />
      </div>
      <div className={styles['command']}>
        <code className="mono f12 grow ell" title={command}>
          {command}
        </code>
        <CopyButton name="Copy the ssh command" text={command} onFailed={notCopied} />
      </div>
      <p className={styles['tunnelNote']}>
        <span>Uses your ~/.ssh/config. If the tunnel drops, the gap is dated in the ledger.</span>
        {through ? (
          <Button tone="link" size="small" onClick={() => setHere(far.host, far.port)}>
            Back to {far.host}:{far.port}
          </Button>
        ) : (
          <Button
            tone="link"
            size="small"
            disabled={fields.host === ''}
            onClick={() => {
              setBehind({ host: fields.host, port: fields.port })
              setHere('localhost', near)
            }}
          >
            Use localhost:{near}
          </Button>
        )}
      </p>
    </section>
  )
}

/** `user@host:2222` as ssh wants it; quoted where a shell would take it apart. */
function loginWords(login: string): string {
  const [, host = '', port] = /^(.*?)(?::(\d+))?$/.exec(login.trim()) ?? []
  const words = host === '' ? noLogin : /^[\w@.][\w@.:-]*$/.test(host) ? host : `'${host.replaceAll("'", String.raw`'\''`)}'`
  return `${port === undefined ? '' : `-p ${port} `}${words}`
}

/** A port of this machine that ordinary users may open and that resembles the far one. */
function nearPort(port: string): string {
  const number = Number(port)
  return String(Number.isInteger(number) && number > 0 && number + 10_000 <= 65_535 ? number + 10_000 : number)
}
