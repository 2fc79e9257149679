/** Taking out what is shown: where to, what, how, what must not leave, and the exports of this session. */
import { Download, FlaskConical } from 'lucide-react'
import type { Source } from '#contract/sources'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { KeyCaps } from '../../parts/KeyCaps.tsx'
import { useMedia } from '../../state/appearance.ts'
import { exportTitles, isDocument, isStore } from '../../state/exportChoice.ts'
import { isDesktop } from '../../state/open.ts'
import { useEngine, useSource } from '../../state/sources.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { DestinationField, DestinationList } from './DestinationList.tsx'
import { destinationOf } from './destinations.ts'
import { DocumentPane } from './DocumentPane.tsx'
import css from './ExportDialog.module.css'
import { ExportJobs } from './ExportJobs.tsx'
import { added, recordWords } from './exportWords.ts'
import { LeavingPart } from './LeavingPart.tsx'
import { SecretsPanel } from './SecretsPanel.tsx'
import { StorePane } from './StorePane.tsx'
import { TablePane } from './TablePane.tsx'
import { useExportChoice } from './useExportChoice.ts'
import { useExportCommands } from './useExportCommands.ts'
import { type ExportFigures, useExportFigures } from './useExportFigures.ts'
import { useExportPresets } from './useExportPresets.ts'
import { useExportSubject } from './useExportSubject.ts'
import { useFileRun } from './useFileRun.ts'
import { useSecrets } from './useSecrets.ts'
import { type StoreRun, useStoreRun } from './useStoreRun.ts'
import { nounOf, WhatPart } from './WhatPart.tsx'

export function ExportDialog() {
  const open = useWorkbench((s) => s.dialog === 'export')
  const source = useSource()
  useExportCommands()
  return open && source ? <Body key={source.sourceId} source={source} /> : null
}

const close = (): void => workbench.getState().setDialog(null)

function Body({ source }: { source: Source }) {
  const state = useExportChoice(source)
  const { choice, change } = state
  const subject = useExportSubject(state)
  const figures = useExportFigures(state, subject)
  const secrets = useSecrets(choice, state.view, subject)
  const store = useStoreRun(state)
  const file = useFileRun(state, subject)
  const { presets, keep, forget } = useExportPresets()
  const narrow = useMedia('(max-width:900px)')
  const away = useEngine((s) => s.link.state !== 'live')
  const lists = {
    to: choice.to,
    onChoose: (to: typeof choice.to) => change({ to }),
    presets,
    onPreset: (preset: (typeof presets)[number]) => {
      state.forgetTyped()
      state.apply(preset.choice)
    },
    onForget: forget
  }
  const mistake = away ? 'Provscope does not answer: nothing can be written until it does.' : (isStore(choice.to) ? store.mistake : file.mistake)
  return (
    <Dialog
      open
      onClose={close}
      icon={Download}
      title={exportTitles[choice.to]}
      className={css['dialog']}
      foot={
        <>
          <span className={mistake === null ? css['footWords'] : css['footMistake']} role={mistake === null ? undefined : 'alert'} title={mistake ?? undefined}>
            {mistake ?? footWords(choice.to)}
          </span>
          <Button size="large" onClick={close}>
            Close <KeyCaps keys="Escape" />
          </Button>
          {isStore(choice.to) ? (
            <StorePrimary store={store} figures={figures} away={away} />
          ) : (
            <Button size="large" tone="primary" icon={Download} disabled={away || file.busy || file.nameMistake !== null || figures.leaving === 0 || figures.columns === 0 || (subject.isRunOrTask && subject.id === null)} onClick={() => void file.write()}>
              {isDesktop() ? 'Choose a file and write' : 'Write and download'} {isDocument(choice.to) ? destinationOf(choice.to).name : nounOf(figures.leaving, figures.records)}
            </Button>
          )}
        </>
      }
    >
      <div className={css['columns']}>
        {narrow ? <DestinationField {...lists} /> : <DestinationList {...lists} />}
        <div className={css['form']}>
          <WhatPart state={state} figures={figures} subject={subject} />
          {isStore(choice.to) ? <StorePane state={state} store={store} /> : isDocument(choice.to) ? <DocumentPane state={state} subject={subject} file={file} /> : <TablePane state={state} figures={figures} file={file} />}
          <SecretsPanel secrets={secrets} treatment={choice.secrets} onTreatment={(next) => change({ secrets: next })} />
          <LeavingPart state={state} presets={presets} onKeep={keep} />
        </div>
        <ExportJobs />
      </div>
    </Dialog>
  )
}

function footWords(to: Parameters<typeof destinationOf>[0]): string {
  return isStore(to) ? 'Can be repeated: the same export changes nothing the second time. A cut connection resumes.' : 'Written to a temporary file first: one that is stopped leaves nothing behind.'
}

/** A dry run first, then the writing of what it found new or changed. */
function StorePrimary({ store: { job, busy, hasPlace, run, stop }, figures, away }: { store: StoreRun; figures: ExportFigures; away: boolean }) {
  const disabled = away || !hasPlace || figures.leaving === 0
  if (busy) {
    return (
      <Button size="large" disabled={!job} onClick={stop}>
        {(job?.dryRun ?? true) ? 'Stop the dry run' : 'Stop writing'}
      </Button>
    )
  }
  const found = job?.dryRun && job.state === 'done' ? job.store : null
  const interrupted = job !== null && !job.dryRun && job.state !== 'done'
  if (!found && !interrupted) {
    return (
      <Button size="large" tone="primary" icon={FlaskConical} disabled={disabled} onClick={() => void run(true)}>
        Dry run of {nounOf(figures.leaving, figures.records)}
      </Button>
    )
  }
  const changes = found ? added(found.created, found.changed) : null
  const nothing = changes !== null && Object.values(changes).every((n) => n === 0)
  return (
    <Button size="large" tone="primary" icon={Download} disabled={disabled || nothing} onClick={() => void run(false)}>
      {changes === null ? 'Go on writing' : nothing ? 'Nothing to write' : `Write ${recordWords(changes)}`}
    </Button>
  )
}
