/** The entries of a folder with the way up and a field to find by name; what can be chosen is up to who shows it. */
import { CornerLeftUp, Database, File, FileJson2, Folder as FolderIcon } from 'lucide-react'
import { Button } from '../../parts/Button.tsx'
import { Checkbox } from '../../parts/Checkbox.tsx'
import { classes } from '../../parts/classes.ts'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { ago, bytes, count } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { Tag } from '../../parts/Tag.tsx'
import { TextField } from '../../parts/TextField.tsx'
import styles from './OpenDialog.module.css'
import type { Entry, Folder } from './useFolder.ts'

const icons = { folder: FolderIcon, lmdb: Database, buffer: FileJson2, other: File }

type ListProps = {
  folder: Folder
  /** Which of the found entries are listed. */
  shows: (entry: Entry) => boolean
  /** Which have a checkbox. */
  pickable?: (entry: Entry) => boolean
  chosen?: (entry: Entry) => boolean
  onToggle?: (entry: Entry) => void
  /** A folder is gone into; this is for everything else. */
  onOpen?: (entry: Entry) => void
}

export function FolderList({ folder, shows, pickable = () => false, chosen = () => false, onToggle = () => undefined, onOpen = () => undefined }: ListProps) {
  const { data, error, retry, find, setFind, go, found, more, hasMore } = folder
  const shown = found.filter(shows)
  return (
    <>
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
        <EmptyState icon={FolderIcon} tone="error" title="This folder cannot be listed" actions={<Button onClick={retry}>Try again</Button>}>
          {error.message}
        </EmptyState>
      )}
      <ul className={styles['list']} aria-label="Files and folders">
        {shown.map((entry) => (
          <EntryRow key={entry.handle} entry={entry} pickable={pickable(entry)} chosen={chosen(entry)} onToggle={() => onToggle(entry)} onGo={() => (entry.kind === 'folder' ? go(entry.handle) : onOpen(entry))} />
        ))}
        {data && shown.length === 0 && <li className={classes(styles['row'], 't3')}>{find === '' ? 'Nothing here.' : 'Nothing here has this in its name.'}</li>}
        {data && hasMore && (
          <li className={styles['row']}>
            <Button tone="link" onClick={more}>
              Show more of {count(data.total)}
            </Button>
          </li>
        )}
        {data && !hasMore && data.total > data.entries.length && <li className={classes(styles['row'], 't3')}>The first {count(data.entries.length)} of {count(data.total)}: name the rest by opening a folder below.</li>}
      </ul>
    </>
  )
}

function EntryRow({ entry, pickable, chosen, onToggle, onGo }: { entry: Entry; pickable: boolean; chosen: boolean; onToggle: () => void; onGo: () => void }) {
  const { name, kind, sizeBytes, modifiedAt } = entry
  const words = (
    <>
      <Icon of={icons[kind]} size={14} className={kind === 'buffer' || kind === 'lmdb' ? 'acc' : 't3'} />
      <span className={classes(styles['name'], kind === 'other' && 't3')}>
        <span className="ell">{name}</span>
        {kind === 'lmdb' && <Tag>LMDB</Tag>}
      </span>
      <span className="num t2">{kind === 'folder' || sizeBytes === 0 ? '' : bytes(sizeBytes)}</span>
      <span className="num t3">{ago(modifiedAt)}</span>
    </>
  )
  if (!pickable && (kind === 'folder' || kind === 'lmdb')) {
    return (
      <li>
        <button type="button" className={classes(styles['row'], chosen && styles['chosen'])} aria-pressed={kind === 'lmdb' ? chosen : undefined} onClick={kind === 'lmdb' ? onToggle : onGo} onDoubleClick={kind === 'lmdb' ? onGo : undefined}>
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
