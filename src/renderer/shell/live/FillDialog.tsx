/** Heals gaps: brings the messages that a live source missed from buffer files of the same run. */
import { Upload } from 'lucide-react'
import { useState } from 'react'
import type { LiveState } from '#contract/live'
import type { Source } from '#contract/sources'
import { call } from '../../connection/call.ts'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { count, counted } from '../../parts/format.ts'
import { GapMark } from '../../parts/GapHatch.tsx'
import { gapLoss, gapTimes, gapTitle } from '../../parts/gapWords.ts'
import { useZone } from '../../state/appearance.ts'
import { isDesktop } from '../../state/open.ts'
import { refreshSources, useSource } from '../../state/sources.ts'
import { toast } from '../../state/toasts.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { FolderList } from '../open/FolderList.tsx'
import { type Entry, useFolder } from '../open/useFolder.ts'
import css from './Dialogs.module.css'

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
  const folder = useFolder(() => setChosen([]))
  const toggle = (entry: Entry): void => setChosen((before) => (before.some(({ handle }) => handle === entry.handle) ? before.filter(({ handle }) => handle !== entry.handle) : [...before, entry]))
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
            {busy ? 'Reading' : isDesktop() ? `Choose files and fill ${what}` : `Fill ${what} from ${chosen.length === 0 ? 'a file' : chosen.length === 1 ? chosen[0]?.name : counted(chosen.length, 'file')}`}
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
                <span className="waitc nw">{gapLoss(gap)}</span>
              </li>
            ))}
            {unfilled.length > shownGaps && <li className="t3">and {count(unfilled.length - shownGaps)} more</li>}
          </ul>
        )}
      </div>
      {!isDesktop() && (
        <div className={css['files']}>
          <FolderList folder={folder} shows={({ kind }) => kind === 'folder' || kind === 'buffer'} pickable={({ kind }) => kind === 'buffer'} chosen={(entry) => chosen.some(({ handle }) => handle === entry.handle)} onToggle={toggle} onOpen={toggle} />
        </div>
      )}
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
