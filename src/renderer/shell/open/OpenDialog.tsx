/** Served mode: chooses files or a folder on the machine of the engine. */
import { CornerLeftUp, Database, File, FileJson2, Folder, FolderOpen } from 'lucide-react'
import { useState } from 'react'
import type { Result } from '#contract/methods'
import { Button } from '../../parts/Button.tsx'
import { Checkbox } from '../../parts/Checkbox.tsx'
import { classes } from '../../parts/classes.ts'
import { Dialog } from '../../parts/Dialog.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { ago, bytes, count, counted } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { openHandles } from '../../state/open.ts'
import { useCall } from '../../state/query.ts'
import { useEngine } from '../../state/sources.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import styles from './OpenDialog.module.css'

type Entry = Result<'files.browse'>['entries'][number]
const pageSize = 500
const icons = { folder: Folder, lmdb: Database, buffer: FileJson2, other: File }

export function OpenDialog() {
  const dialog = useWorkbench((s) => s.dialog)
  if (dialog !== 'open-file' && dialog !== 'open-folder') return null
  return <Browser folders={dialog === 'open-folder'} />
}

function Browser({ folders }: { folders: boolean }) {
  const hostname = useEngine((s) => s.host?.hostname)
  const [handle, setHandle] = useState<string | null>(null)
  const [pages, setPages] = useState(1)
  const [chosen, setChosen] = useState<Map<string, Entry>>(new Map())
  const [find, setFind] = useState('')
  const { data, error, retry } = useCall('files.browse', { ...(handle !== null && { handle }), limit: Math.min(1000, pageSize * pages) })
  const close = (): void => workbench.getState().setDialog(null)
  const go = (next: string): void => {
    setHandle(next)
    setChosen(new Map())
    setFind('')
    setPages(1)
  }
  const open = (handles: string[]): void => {
    close()
    void openHandles(handles)
  }
  const shown = (data?.entries ?? []).filter((entry) => (!folders || entry.kind === 'folder' || entry.kind === 'buffer') && entry.name.toLowerCase().includes(find.toLowerCase()))
  const toggle = (entry: Entry): void =>
    setChosen((before) => {
      const next = new Map(before)
      if (!next.delete(entry.handle)) next.set(entry.handle, entry)
      return next
    })
  const buffers = data?.entries.filter((entry) => entry.kind === 'buffer').length ?? 0
  return (
    <Dialog
      open
      onClose={close}
      className={styles['dialog']}
      icon={folders ? FolderOpen : FileJson2}
      title={`Open ${folders ? 'a folder' : 'files'}${hostname === undefined ? '' : ` on ${hostname}`}`}
      foot={
        <>
          <span className="grow ell">{folders ? 'All buffers in the folder, and in folders below it, as one source.' : chosen.size > 1 ? 'Opened together as one source.' : 'Nothing is changed or deleted.'}</span>
          <Button size="large" onClick={close}>
            Cancel
          </Button>
          {folders ? (
            <Button size="large" tone="primary" disabled={!data} onClick={() => data && open([data.handle])}>
              Open this folder{buffers > 0 && `, ${counted(buffers, 'buffer')}`}
            </Button>
          ) : (
            <Button size="large" tone="primary" disabled={chosen.size === 0} onClick={() => open([...chosen.keys()])}>
              Open {chosen.size > 1 ? counted(chosen.size, 'file') : ([...chosen.values()][0]?.name ?? 'file')}
            </Button>
          )}
        </>
      }
    >
      <div className={styles['place']}>
        <Button icon={CornerLeftUp} disabled={!data?.parent} onClick={() => data?.parent && go(data.parent)}>
          Up
        </Button>
        <span className="mono ell grow" title={data?.path}>
          {data?.path}
        </span>
        <TextField name="Find in this folder" placeholder="Find" value={find} onChange={setFind} />
      </div>
      {error && (
        <EmptyState icon={Folder} tone="error" title="This folder cannot be listed" actions={<Button onClick={retry}>Try again</Button>}>
          {error.message}
        </EmptyState>
      )}
      <ul className={styles['list']} aria-label="Files and folders">
        {shown.map((entry) => (
          <EntryRow key={entry.handle} entry={entry} pickable={!folders && entry.kind !== 'folder'} chosen={chosen.has(entry.handle)} onToggle={() => toggle(entry)} onGo={() => (entry.kind === 'folder' ? go(entry.handle) : folders ? undefined : open([entry.handle]))} />
        ))}
        {data && shown.length === 0 && <li className={classes(styles['row'], 't3')}>{find === '' ? 'Nothing here.' : 'Nothing here has this in its name.'}</li>}
        {data && data.total > data.entries.length && (
          <li className={styles['row']}>
            <Button tone="link" onClick={() => setPages(pages + 1)}>
              Show more of {count(data.total)}
            </Button>
          </li>
        )}
      </ul>
    </Dialog>
  )
}

function EntryRow({ entry, pickable, chosen, onToggle, onGo }: { entry: Entry; pickable: boolean; chosen: boolean; onToggle: () => void; onGo: () => void }) {
  const { name, kind, sizeBytes, modifiedAt } = entry
  const words = (
    <>
      <Icon of={icons[kind]} size={14} className={kind === 'buffer' ? 'acc' : 't3'} />
      <span className={classes('ell', kind === 'other' && 't3')}>{name}</span>
      <span className="num t2">{kind === 'folder' ? '' : bytes(sizeBytes)}</span>
      <span className="num t3">{ago(modifiedAt)}</span>
    </>
  )
  if (kind === 'folder') {
    return (
      <li>
        <button type="button" className={styles['row']} onClick={onGo}>
          <span />
          {words}
        </button>
      </li>
    )
  }
  return (
    <li className={classes(styles['row'], chosen && styles['chosen'])} onClick={() => pickable && onToggle()} onDoubleClick={onGo}>
      {pickable ? (
        // The row's own click must not toggle a second time.
        <span onClick={(event) => event.stopPropagation()}>
          <Checkbox checked={chosen} onChange={onToggle} name={`Choose ${name}`} />
        </span>
      ) : (
        <span />
      )}
      {words}
    </li>
  )
}
