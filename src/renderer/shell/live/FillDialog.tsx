/** Heals gaps: brings the messages that a live source missed from buffer files of the same run. */
import { CornerLeftUp, FileJson2, Folder, Upload } from 'lucide-react'
import { useState } from 'react'
import type { LiveState } from '#contract/live'
import type { Result } from '#contract/methods'
import type { Source } from '#contract/sources'
import { call } from '../../connection/call.ts'
import { Button } from '../../parts/Button.tsx'
import { Checkbox } from '../../parts/Checkbox.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { bytes, count, counted } from '../../parts/format.ts'
import { GapMark } from '../../parts/GapHatch.tsx'
import { gapLoss, gapTimes, gapTitle } from '../../parts/gapWords.ts'
import { Icon } from '../../parts/Icon.tsx'
import { useZone } from '../../state/appearance.ts'
import { isDesktop } from '../../state/open.ts'
import { useCall } from '../../state/query.ts'
import { refreshSources, useSource } from '../../state/sources.ts'
import { toast } from '../../state/toasts.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import css from './Dialogs.module.css'

type Entry = Result<'files.browse'>['entries'][number]
const shownGaps = 5

export function FillDialog() {
  const open = useWorkbench((s) => s.dialog === 'fill')
  const source = useSource()
  return open && source?.live ? <Body source={source} live={source.live} /> : null
}

function Body({ source, live }: { source: Source; live: LiveState }) {
  const zone = useZone()
  const [chosen, setChosen] = useState<Entry[]>([])
  const [busy, setBusy] = useState(false)
  const [mistake, setMistake] = useState<string | null>(null)
  const unfilled = live.gaps.filter((gap) => gap.filled === null)
  const close = (): void => workbench.getState().setDialog(null)
  const fill = async (): Promise<void> => {
    setBusy(true)
    setMistake(null)
    const outcome = await fillFrom(source.sourceId, chosen.map((entry) => entry.handle))
    setBusy(false)
    if (outcome === 'done') close()
    else if (outcome !== null) setMistake(outcome)
  }
  const what = unfilled.length === 0 ? 'what is missing' : counted(unfilled.length, 'gap')
  return (
    <Dialog
      open
      onClose={close}
      icon={Upload}
      title="Fill gaps from a file"
      className={css['dialog']}
      foot={
        <>
          <span className="grow">{mistake === null ? '' : <span className="errc">{mistake}</span>}</span>
          <Button size="large" onClick={close}>
            Cancel
          </Button>
          <Button size="large" tone="primary" icon={Upload} disabled={busy || (!isDesktop() && chosen.length === 0)} onClick={() => void fill()}>
            {busy ? 'Reading' : isDesktop() ? `Choose files and fill ${what}` : `Fill ${what} from ${chosen.length === 1 ? chosen[0]?.name : counted(chosen.length, 'file')}`}
          </Button>
        </>
      }
    >
      <div className={css['form']}>
        <p>Reads buffer files of the same run and adds only the messages that this source does not have. Records merge by their id; nothing is replaced. The ledger says what was filled and from where.</p>
        {unfilled.length > 0 && (
          <ul className={css['gaps']} aria-label="Gaps that are not filled">
            {unfilled.slice(-shownGaps).map((gap) => (
              <li key={gap.gapId} className="row">
                <GapMark />
                <span className="grow">
                  <b className="med">{gapTitle(gap, zone)}</b> {gapTimes(gap, zone)}
                </span>
                <span className="waitc">{gapLoss(gap)}</span>
              </li>
            ))}
            {unfilled.length > shownGaps && <li className="t3">and {count(unfilled.length - shownGaps)} more</li>}
          </ul>
        )}
      </div>
      {!isDesktop() && <ServerFiles chosen={chosen} onChange={setChosen} />}
    </Dialog>
  )
}

/** `done`, null where the person cancelled, or why not. */
async function fillFrom(sourceId: string, onServer: string[]): Promise<string | null> {
  let handles = onServer
  if (isDesktop()) {
    const picked = await call('dialog.open', { kind: 'files' })
    if (!picked.ok) return picked.error.message
    handles = picked.value.handles
  }
  if (handles.length === 0) return null
  const reply = await call('live.fill', { sourceId, handles })
  if (!reply.ok) return reply.error.message
  await refreshSources()
  const { read, added, gapsFilled } = reply.value
  toast({
    tone: added > 0 ? 'done' : 'note',
    title: added > 0 ? `${counted(added, 'message')} filled` : 'Nothing to fill',
    detail: `${counted(read, 'message')} read; ${added > 0 ? `${counted(gapsFilled, 'gap')} filled` : 'this source has all of them'}.`
  })
  return 'done'
}

function ServerFiles({ chosen, onChange }: { chosen: Entry[]; onChange: (chosen: Entry[]) => void }) {
  const [handle, setHandle] = useState<string | null>(null)
  const { data, error } = useCall('files.browse', { ...(handle !== null && { handle }), limit: 1000 })
  const go = (next: string): void => {
    setHandle(next)
    onChange([])
  }
  const toggle = (entry: Entry): void => onChange(chosen.some((other) => other.handle === entry.handle) ? chosen.filter((other) => other.handle !== entry.handle) : [...chosen, entry])
  const shown = (data?.entries ?? []).filter(({ kind }) => kind === 'folder' || kind === 'buffer')
  return (
    <>
      <div className={css['place']}>
        <Button size="small" icon={CornerLeftUp} disabled={!data?.parent} onClick={() => data?.parent && go(data.parent)}>
          Up
        </Button>
        <span className="mono ell grow" title={data?.path}>
          {data?.path}
        </span>
      </div>
      {error && <p className={css['form']}>{error.message}</p>}
      <ul className={css['files']} aria-label="Buffers">
        {shown.map((entry) => (
          <li key={entry.handle}>
            {entry.kind === 'folder' ? (
              <button type="button" className={css['file']} onClick={() => go(entry.handle)}>
                <Icon of={Folder} size={14} className="t3" />
                <span className="ell grow">{entry.name}</span>
              </button>
            ) : (
              <Checkbox checked={chosen.some((other) => other.handle === entry.handle)} onChange={() => toggle(entry)} className={css['file']}>
                <Icon of={FileJson2} size={14} className="acc" />
                <span className="ell grow">{entry.name}</span>
                <span className="t2">{bytes(entry.sizeBytes)}</span>
              </Checkbox>
            )}
          </li>
        ))}
        {data && shown.length === 0 && <li className={css['file']}>No buffer and no folder here.</li>}
      </ul>
    </>
  )
}
