/** Served mode: chooses files or a folder on the machine of the engine. LMDB folders are opened as what they are. */
import { Database, FileJson2, FolderOpen } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { counted } from '../../parts/format.ts'
import { openHandles } from '../../state/open.ts'
import { useEngine } from '../../state/sources.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { FolderList } from './FolderList.tsx'
import styles from './OpenDialog.module.css'
import { type Entry, useFolder } from './useFolder.ts'

export function OpenDialog() {
  const dialog = useWorkbench((s) => s.dialog)
  if (dialog !== 'open-file' && dialog !== 'open-folder') return null
  return <Browser key={dialog} folders={dialog === 'open-folder'} />
}

function Browser({ folders }: { folders: boolean }) {
  const hostname = useEngine((s) => s.host?.hostname)
  const [chosen, setChosen] = useState<Map<string, Entry>>(new Map())
  const folder = useFolder(() => setChosen(new Map()))
  const { data } = folder
  const close = (): void => workbench.getState().setDialog(null)
  const open = (handles: string[]): void => {
    close()
    void openHandles(handles)
  }
  /** A database is a source of its own: it is chosen alone. */
  const toggle = (entry: Entry): void =>
    setChosen((before) => {
      const next = new Map(entry.kind === 'lmdb' ? [] : [...before].filter(([, other]) => other.kind !== 'lmdb'))
      if (!before.has(entry.handle)) next.set(entry.handle, entry)
      else next.delete(entry.handle)
      return next
    })
  const only = chosen.size === 1 ? [...chosen.values()][0] : undefined
  const database = only?.kind === 'lmdb' ? only : undefined
  return (
    <Dialog
      open
      onClose={close}
      className={styles['dialog']}
      icon={database ? Database : folders ? FolderOpen : FileJson2}
      title={`Open ${folders ? 'a folder' : 'files'}${hostname === undefined ? '' : ` on ${hostname}`}`}
      foot={
        <>
          <span className="grow ell">{database ? 'A database of Flowcept, read as it is: nothing is changed.' : folders ? 'All buffers in the folder, and in folders below it, as one source.' : chosen.size > 1 ? 'Opened together as one source.' : 'Nothing is changed or deleted.'}</span>
          <Button size="large" onClick={close}>
            Cancel
          </Button>
          {folders && !database ? (
            <Button size="large" tone="primary" disabled={!data} onClick={() => data && open([data.handle])}>
              Open this folder{buffersIn(data?.entries)}
            </Button>
          ) : (
            <Button size="large" tone="primary" disabled={chosen.size === 0} onClick={() => open([...chosen.keys()])}>
              Open {chosen.size > 1 ? counted(chosen.size, 'file') : (only?.name ?? 'file')}
            </Button>
          )}
        </>
      }
    >
      <FolderList folder={folder} shows={({ kind }) => !folders || kind !== 'other'} pickable={({ kind }) => !folders && kind !== 'folder' && kind !== 'lmdb'} chosen={({ handle }) => chosen.has(handle)} onToggle={toggle} onOpen={(entry) => (folders && entry.kind !== 'lmdb' ? undefined : open([entry.handle]))} />
    </Dialog>
  )
}

function buffersIn(entries: Entry[] | undefined): string {
  const buffers = entries?.filter((entry) => entry.kind === 'buffer').length ?? 0
  return buffers === 0 ? '' : `, ${counted(buffers, 'buffer')}`
}
