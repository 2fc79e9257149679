/** Buffer files of one run that belong together: joined, checked, and only then deleted. */
import { Combine, FolderSearch } from 'lucide-react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { count, counted } from '../../parts/format.ts'
import { RadioCards } from '../../parts/RadioCards.tsx'
import { useCommands } from '../../state/commands.ts'
import { openHandles } from '../../state/open.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { FolderList } from '../open/FolderList.tsx'
import { useFolder } from '../open/useFolder.ts'
import styles from './BuffersDialog.module.css'
import { RunPart } from './RunPart.tsx'
import { useBuffers } from './useBuffers.ts'

export function BuffersDialog() {
  useCommands(() => [{ id: 'buffers', group: 'Sources', title: 'Consolidate buffers…', detail: 'join the split files of a run', run: () => workbench.getState().setDialog('buffers') }], [])
  const open = useWorkbench((s) => s.dialog === 'buffers')
  return open ? <Body /> : null
}

const close = (): void => workbench.getState().setDialog(null)

function Body() {
  const state = useBuffers()
  const { found, runs, run, done, asking, busy, deletes, looking, mistake } = state
  const files = run?.files.length ?? 0
  const openResult = async (): Promise<void> => {
    if (done && (await openHandles([done.handle]))) close()
  }
  if (looking) return <FolderChooser onChoose={state.lookIn} onBack={() => state.setLooking(false)} />
  return (
    <Dialog
      open
      onClose={close}
      icon={Combine}
      title="Consolidate buffers"
      className={styles['dialog']}
      foot={
        <>
          <span className="grow">{mistake === null ? (done ? '' : 'Read back and compared before anything is deleted.') : <span className="errc" role="alert">{mistake}</span>}</span>
          <Button size="large" onClick={asking ? () => state.setAsking(false) : close}>
            {asking ? 'Back' : 'Close'}
          </Button>
          {done ? (
            <Button size="large" tone="primary" onClick={() => void openResult()}>
              Open the result
            </Button>
          ) : (
            <Button size="large" tone="primary" icon={Combine} disabled={busy || files === 0 || run === null} onClick={() => (deletes && !asking ? state.setAsking(true) : void state.consolidate())}>
              {busy ? 'Joining…' : asking ? `Join, verify, then delete ${counted(files, 'file')}` : deletes ? `Join ${counted(files, 'file')}, then delete…` : `Join ${counted(files, 'file')}`}
            </Button>
          )}
        </>
      }
    >
      <div className={styles['place']}>
        <span className="t2">Beside</span>
        <span className="mono ell grow" title={found.data?.path}>
          {found.data ? `${found.data.path}/${found.data.name}` : '…'}
        </span>
        <Button icon={FolderSearch} onClick={() => void state.chooseFolder()}>
          Another folder…
        </Button>
      </div>
      {found.error ? (
        <EmptyState icon={Combine} tone="error" title="This folder cannot be looked through">
          {found.error.message}
        </EmptyState>
      ) : found.data && runs.length === 0 ? (
        <EmptyState icon={Combine} title="No split buffers here">
          Flowcept writes them where append_workflow_id_to_path or append_id_to_path is set. They are named like the buffer, with the workflow’s id behind.
        </EmptyState>
      ) : (
        <div className={styles['columns']}>
          <div className={styles['runs']}>
            <div className={styles['heading']}>{counted(runs.length, 'workflow')}</div>
            <RadioCards name="Workflow" value={run?.plan ?? ''} onChange={state.choose} options={runs.map(({ files: some, joined, plan, workflowId }) => ({ value: plan, label: <span className="mono f11">{workflowId}</span>, detail: <span className={styles['detail']}>{some.length === 0 ? 'joined' : `${counted(some.length, 'file')}${joined ? ' more' : ''}`}</span> }))} />
            {found.data && found.data.unclear.length > 0 && (
              <details className={styles['unclear']}>
                <summary>{count(found.data.unclear.length)} left alone, not certain</summary>
                <ul>
                  {found.data.unclear.map(({ name, why }) => (
                    <li key={name}>
                      <span className="mono f11">{name}</span> <span className="t3">{why}</span>
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </div>
          {run && <RunPart key={run.plan} run={run} state={state} />}
        </div>
      )}
    </Dialog>
  )
}

/** Served mode: folders of the engine's machine. */
function FolderChooser({ onChoose, onBack }: { onChoose: (handle: string) => void; onBack: () => void }) {
  const folder = useFolder()
  return (
    <Dialog
      open
      onClose={onBack}
      icon={FolderSearch}
      title="Choose the folder of the buffers"
      className={styles['dialog']}
      foot={
        <>
          <span className="grow">Nothing is changed before you say so.</span>
          <Button size="large" onClick={onBack}>
            Back
          </Button>
          <Button size="large" tone="primary" disabled={!folder.data} onClick={() => folder.data && onChoose(folder.data.handle)}>
            Look in this folder
          </Button>
        </>
      }
    >
      <FolderList folder={folder} shows={(entry) => entry.kind === 'folder' || entry.kind === 'buffer'} />
    </Dialog>
  )
}
