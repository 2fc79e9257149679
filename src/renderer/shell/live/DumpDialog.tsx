/** Writes the buffer of a live source as Flowcept dumps it: what has arrived so far, or what arrives from now on too. */
import { HardDriveDownload } from 'lucide-react'
import { useState } from 'react'
import type { LiveState } from '#contract/live'
import type { Source } from '#contract/sources'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { counted } from '../../parts/format.ts'
import { RadioCards } from '../../parts/RadioCards.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { dumpBuffer } from '../../state/liveSource.ts'
import { isDesktop } from '../../state/open.ts'
import { choosePlace } from '../../state/places.ts'
import { useEngine, useSource } from '../../state/sources.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import css from './Dialogs.module.css'

type Mode = 'offline' | 'online'

export function DumpDialog() {
  const open = useWorkbench((s) => s.dialog === 'dump')
  const source = useSource()
  return open && source?.live ? <Body source={source} live={source.live} /> : null
}

function Body({ source, live }: { source: Source; live: LiveState }) {
  const [mode, setMode] = useState<Mode>('offline')
  const [name, setName] = useState('flowcept_buffer.jsonl')
  const [busy, setBusy] = useState(false)
  const [mistake, setMistake] = useState<string | null>(null)
  const hostname = useEngine((s) => s.host?.hostname)
  const download = !isDesktop() && mode === 'offline'
  const close = (): void => workbench.getState().setDialog(null)
  const wrongName = name.trim() === '' ? 'A file needs a name.' : /[/\\]/.test(name) ? 'A name, not a path.' : null
  /** Null: begun, or nothing was chosen. */
  const begin = async (): Promise<string | null | 'cancelled'> => {
    if (!isDesktop() && mode === 'offline') return dumpBuffer(source.sourceId, name.trim(), false)
    const chosen = await choosePlace({ type: 'jsonl', use: 'write' })
    if (chosen === null) return 'cancelled'
    return 'mistake' in chosen ? chosen.mistake : dumpBuffer(source.sourceId, name.trim(), mode === 'online', chosen.handle)
  }
  const write = async (): Promise<void> => {
    setBusy(true)
    setMistake(null)
    const failure = await begin()
    setBusy(false)
    if (failure === null) close()
    else if (failure !== 'cancelled') setMistake(failure)
  }
  const noun = counted(live.received, 'message')
  const verb = download ? 'Write and download' : 'Choose a file and write'
  return (
    <Dialog
      open
      onClose={close}
      icon={HardDriveDownload}
      title="Dump the buffer"
      className={css['dialog']}
      foot={
        <>
          <span className="grow">{mistake === null ? '' : <span className="errc">{mistake}</span>}</span>
          <Button size="large" onClick={close}>
            Cancel
          </Button>
          <Button size="large" tone="primary" icon={HardDriveDownload} disabled={busy || (download && wrongName !== null)} onClick={() => void write()}>
            {verb} {mode === 'online' ? `${noun}, then go on` : noun}
          </Button>
        </>
      }
    >
      <div className={css['form']}>
        <p>One JSON object a line, as Flowcept’s own buffer file holds them; opened again, it shows the same tables. Gaps stay gaps: they are named beside it.</p>
        <RadioCards
          name="How much"
          value={mode}
          onChange={setMode}
          options={[
            { value: 'offline', label: 'What has arrived so far', detail: 'one file, complete when written' },
            { value: 'online', label: 'And what arrives from now on', detail: 'appended until you stop it or detach' }
          ]}
        />
        {download && (
          <label className={css['field']}>
            <span className="t2">Name</span>
            <TextField name="File name" mono value={name} onChange={setName} error={wrongName} />
          </label>
        )}
        <p className="f11 t3">{download ? 'Your browser downloads it when it is complete.' : isDesktop() || hostname === undefined ? 'Where to is asked next.' : `Where to on ${hostname} is asked next.`}</p>
      </div>
    </Dialog>
  )
}
