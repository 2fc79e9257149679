/** What stands here while nothing is open: a place to drop, ways to open, attach and take out, what was open before, what is found on this machine. */
import type { LucideIcon } from 'lucide-react'
import { ArrowLeftRight, Database, FileJson2, FlaskConical, FolderOpen, Radio } from 'lucide-react'
import { useState } from 'react'
import { Icon } from '../../parts/Icon.tsx'
import { KeyCaps } from '../../parts/KeyCaps.tsx'
import { openAttach } from '../../state/attach.ts'
import { knownCommand } from '../../state/commandCatalogue.ts'
import { useKeysOf, useShownKeys } from '../../state/commands.ts'
import { openByDialog, openSample, openStoreDialog } from '../../state/open.ts'
import { useEngine } from '../../state/sources.ts'
import { openTransfer } from '../../state/transfers.ts'
import { Found } from './Found.tsx'
import { LeftCard } from './LeftSources.tsx'
import { Recents } from './Recents.tsx'
import styles from './Welcome.module.css'

export function Welcome() {
  const host = useEngine((s) => s.host)
  const served = host?.host === 'served'
  return (
    <main className={styles['welcome']} data-region="view">
      <div className={styles['column']}>
        <div>
          <h1 className={styles['title']}>Open provenance</h1>
          <p className="t2">Read a Flowcept buffer, watch a run as it happens, or open what a run has stored. Everything stays on {served ? host.hostname : 'this machine'}.</p>
        </div>
        <div className={styles['two']}>
          <section aria-label="Open">
            <button type="button" className={styles['drop']} onClick={() => void openByDialog('files')}>
              <DropPicture />
              <span>
                <span className="med">{served ? 'Drop a buffer or a folder' : 'Drop a buffer, a folder, or an LMDB directory'}</span>
                <span className={styles['detail']}>.jsonl, .jsonl.gz, .jsonl.zst. Split files are opened as one; nothing is changed or deleted.</span>
              </span>
            </button>
            <ul className={styles['actions']}>
              <Action icon={FileJson2} title="Open file" detail="One buffer, of any size: first rows appear while it loads" command="open.file" run={() => openByDialog('files')} />
              <Action icon={FolderOpen} title="Open folder" detail="All buffers of a run, as one source" command="open.folder" run={() => openByDialog('folder')} />
              <Action icon={Radio} title="Attach to a queue" detail="Redis or RabbitMQ; never slows the run" command="attach" run={() => openAttach()} />
              <Action icon={Database} title="Open a store" detail="LMDB directory or MongoDB database" command="open.store" run={() => openStoreDialog()} />
              <Action icon={ArrowLeftRight} title="Transfer between stores" detail="LMDB, MongoDB and JSON Lines, any way round; dry run first" run={() => openTransfer()} />
              <Action icon={FlaskConical} title="Open the sample" detail="A small run, to look around in" command="open.sample" own="Ctrl+1" run={openSample} />
            </ul>
          </section>
          <div className={styles['cards']}>
            <LeftCard className={styles['card']} />
            <Recents />
            <Found />
          </div>
        </div>
        <div className={styles['keys']}>
          {keys.map(({ command, word }) => (
            <KeyWord key={command} command={command} word={word} />
          ))}
        </div>
      </div>
    </main>
  )
}

const keys = [
  { command: 'palette', word: 'commands' },
  { command: 'search', word: 'search' },
  { command: 'table.nextError', word: 'next error' },
  { command: 'live.pause', word: 'pause a live run' },
  { command: 'region.next', word: 'next region' },
  { command: 'shortcuts', word: 'all shortcuts' }
]

function KeyWord({ command, word }: { command: string; word: string }) {
  const caps = useKeysOf(command)
  if (caps === undefined) return null
  return (
    <span>
      <KeyCaps keys={caps} /> {word}
    </span>
  )
}

function Action({ icon, title, detail, command = '', own, run }: { icon: LucideIcon; title: string; detail: string; /** Whose keys it shows. */ command?: string; /** Those it comes with, where there is no source. */ own?: string; run: () => Promise<unknown> | void }) {
  const [busy, setBusy] = useState(false)
  const caps = useShownKeys()({ id: command, keys: own ?? knownCommand(command)?.keys })
  const act = (): void => {
    const running = run()
    if (!running) return
    setBusy(true)
    void running.finally(() => setBusy(false))
  }
  return (
    <li>
      <button type="button" className={styles['action']} disabled={busy} onClick={act}>
        <Icon of={icon} />
        <span>
          <span className="med">{title}</span>
          <span className={styles['detail']}>{detail}</span>
        </span>
        {caps !== undefined && <KeyCaps keys={caps} />}
      </button>
    </li>
  )
}

function DropPicture() {
  return (
    <svg width="40" height="40" viewBox="0 0 40 40" fill="none" strokeWidth="1.5" aria-hidden="true">
      <path d="M9 12c11 0 9 16 19 16" stroke="var(--line-2)" />
      <ellipse cx="9" cy="12" rx="6.5" ry="5" fill="var(--content)" stroke="var(--line-3)" />
      <rect x="25" y="23.5" width="11" height="9" rx="1.5" fill="var(--accent-tint)" stroke="var(--accent)" />
    </svg>
  )
}
