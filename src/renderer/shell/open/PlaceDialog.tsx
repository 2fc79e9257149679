/** Served mode: where a store or a buffer lies, or is to be written, on the machine of the engine. */
import { Database, FileJson2 } from 'lucide-react'
import { useState } from 'react'
import { call } from '../../connection/call.ts'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { type PlaceWish, placeStore } from '../../state/places.ts'
import { FolderList } from './FolderList.tsx'
import styles from './OpenDialog.module.css'
import { type Entry, useFolder } from './useFolder.ts'

export function PlaceDialog() {
  const wish = placeStore((s) => s.wish)
  return wish ? <Chooser key={`${wish.type} ${wish.use}`} wish={wish} /> : null
}

const words = { lmdb: { a: 'an LMDB folder', name: 'flowcept_lmdb', label: 'Folder' }, jsonl: { a: 'a buffer', name: 'flowcept_buffer.jsonl', label: 'File' } }

function Chooser({ wish: { type, use } }: { wish: PlaceWish }) {
  const [chosen, setChosen] = useState<Entry | null>(null)
  const [name, setName] = useState(words[type].name)
  const [mistake, setMistake] = useState<string | null>(null)
  const folder = useFolder(() => {
    setChosen(null)
    setMistake(null)
  })
  const { data } = folder
  const kind = type === 'lmdb' ? 'lmdb' : 'buffer'
  const settle = placeStore.getState().settle
  const taken = data?.entries.find((entry) => entry.name === name.trim())
  const bad = name.trim() === '' ? 'It needs a name.' : /[/\\]/.test(name) ? 'A name, not a path.' : null
  const take = (entry: Entry): void => {
    setChosen(entry)
    setName(entry.name)
  }
  const finish = async (entry: Entry | null = chosen): Promise<void> => {
    if (use === 'read') return entry ? settle({ handle: entry.handle, place: `${data?.path ?? ''}/${entry.name}` }) : undefined
    if (!data || bad !== null) return
    const reply = await call('files.target', { handle: data.handle, name: (entry?.name ?? name).trim(), type })
    if (reply.ok) settle({ handle: reply.value.handle, place: reply.value.path })
    else setMistake(reply.error.message)
  }
  return (
    <Dialog
      open
      onClose={() => settle(null)}
      className={styles['dialog']}
      icon={type === 'lmdb' ? Database : FileJson2}
      title={use === 'read' ? `Choose ${words[type].a}` : `Choose ${words[type].a} to write`}
      foot={
        <>
          <span className="grow ell">{use === 'read' ? 'It is only read.' : taken ? (taken.kind === kind ? 'It is there already: what comes is merged into it, nothing is replaced.' : `${taken.name} is there and is no ${type === 'lmdb' ? 'LMDB folder' : 'buffer'}.`) : 'It is made when the first record is written.'}</span>
          <Button size="large" onClick={() => settle(null)}>
            Cancel
          </Button>
          <Button size="large" tone="primary" disabled={use === 'read' ? !chosen : !data || bad !== null || (taken !== undefined && taken.kind !== kind && type === 'lmdb' && taken.kind !== 'folder')} onClick={() => void finish()}>
            {use === 'read' ? `Choose ${chosen?.name ?? ''}` : `${taken ? 'Write to' : 'Make'} ${name.trim()}`}
          </Button>
        </>
      }
    >
      <FolderList folder={folder} shows={(entry) => entry.kind === 'folder' || entry.kind === kind} pickable={(entry) => entry.kind === 'buffer'} chosen={(entry) => chosen?.handle === entry.handle} onToggle={take} onOpen={(entry) => void finish(entry)} />
      {use === 'write' && (
        <div className={styles['naming']}>
          <span className="t2" aria-hidden="true">
            {words[type].label}
          </span>
          <TextField
            mono
            className="grow"
            name={`Name of the ${words[type].label.toLowerCase()}`}
            data-autofocus
            value={name}
            error={bad}
            onChange={(value) => {
              setName(value)
              setChosen(null)
              setMistake(null)
            }}
            onKeyDown={(event) => event.key === 'Enter' && void finish(null)}
          />
        </div>
      )}
      {mistake !== null && (
        <p className={styles['alert']} role="alert">
          {mistake}
        </p>
      )}
    </Dialog>
  )
}
