/** "Open a store": an LMDB folder, or a MongoDB database by its address. */
import { Database, FolderOpen, Server } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Checkbox } from '../../parts/Checkbox.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { KeyCaps } from '../../parts/KeyCaps.tsx'
import { PasswordField } from '../../parts/PasswordField.tsx'
import { Segmented } from '../../parts/Segmented.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { isDesktop, openStore, storeChoice } from '../../state/open.ts'
import { choosePlace } from '../../state/places.ts'
import { useCall } from '../../state/query.ts'
import { useEngine } from '../../state/sources.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { FolderList } from './FolderList.tsx'
import styles from './OpenDialog.module.css'
import { type Entry, useFolder } from './useFolder.ts'

export function StoreDialog() {
  const open = useWorkbench((s) => s.dialog === 'open-store')
  return open ? <Body /> : null
}

function Body() {
  const begin = storeChoice.getState()
  const hostname = useEngine((s) => s.host?.hostname)
  const [kind, setKind] = useState(begin.kind)
  const [uri, setUri] = useState(begin.uri)
  const [password, setPassword] = useState('')
  const [keep, setKeep] = useState(false)
  const [chosen, setChosen] = useState<Entry | null>(null)
  const [mistake, setMistake] = useState(begin.mistake)
  const [busy, setBusy] = useState(false)
  const close = (): void => workbench.getState().setDialog(null)
  const open = async (store: Parameters<typeof openStore>[0]): Promise<void> => {
    setBusy(true)
    setMistake(null)
    const why = await openStore(store, store.type === 'mongodb' && keep && password !== '')
    setBusy(false)
    if (why === null) close()
    else setMistake(why)
  }
  const openMongo = (): void => void (uri.trim() !== '' && !busy && open({ type: 'mongodb', uri: uri.trim(), ...(password !== '' && { password }) }))
  return (
    <Dialog
      open
      onClose={close}
      className={kind === 'lmdb' && !isDesktop() ? styles['dialog'] : styles['small']}
      icon={Database}
      title={`Open a store${hostname === undefined || isDesktop() ? '' : ` on ${hostname}`}`}
      foot={
        <>
          <span className="grow ell">It is read as it is: nothing is changed.</span>
          <Button size="large" onClick={close}>
            Cancel <KeyCaps keys="Escape" />
          </Button>
          {kind === 'mongodb' ? (
            <Button size="large" tone="primary" icon={Server} disabled={busy || uri.trim() === ''} onClick={openMongo}>
              {busy ? 'Opening…' : 'Open the database'}
            </Button>
          ) : (
            !isDesktop() && (
              <Button size="large" tone="primary" icon={Database} disabled={busy || !chosen} onClick={() => chosen && void open({ type: 'lmdb', handle: chosen.handle })}>
                {busy ? 'Opening…' : `Open ${chosen?.name ?? 'a folder'}`}
              </Button>
            )
          )}
        </>
      }
    >
      <div className={styles['storeHead']}>
        <Segmented
          name="Kind of store"
          value={kind}
          onChange={(next) => {
            setKind(next)
            setMistake(null)
          }}
          options={[
            { value: 'lmdb', label: 'LMDB folder' },
            { value: 'mongodb', label: 'MongoDB' }
          ]}
        />
        <span className="f12 t2 ell">{kind === 'lmdb' ? 'A folder with data.mdb, as Flowcept keeps it' : 'Flowcept’s collections on a server'}</span>
      </div>
      {kind === 'mongodb' ? <MongoForm uri={uri} onUri={setUri} password={password} onPassword={setPassword} keep={keep} onKeep={setKeep} onEnter={openMongo} /> : isDesktop() ? <Native onChosen={(handle) => void open({ type: 'lmdb', handle })} onMistake={setMistake} /> : <Folders chosen={chosen} onChoose={setChosen} onOpen={(entry) => void open({ type: 'lmdb', handle: entry.handle })} />}
      {mistake !== null && (
        <p className={styles['alert']} role="alert">
          {mistake}
        </p>
      )}
    </Dialog>
  )
}

function Folders({ chosen, onChoose, onOpen }: { chosen: Entry | null; onChoose: (entry: Entry | null) => void; onOpen: (entry: Entry) => void }) {
  const folder = useFolder(() => onChoose(null))
  return <FolderList folder={folder} shows={({ kind }) => kind === 'folder' || kind === 'lmdb'} chosen={({ handle }) => chosen?.handle === handle} onToggle={(entry) => onChoose(chosen?.handle === entry.handle ? null : entry)} onOpen={onOpen} />
}

function Native({ onChosen, onMistake }: { onChosen: (handle: string) => void; onMistake: (why: string) => void }) {
  const choose = async (): Promise<void> => {
    const place = await choosePlace({ type: 'lmdb', use: 'read' })
    if (place && 'mistake' in place) onMistake(place.mistake)
    else if (place) onChosen(place.handle)
  }
  return (
    <div className={styles['native']}>
      <p>Choose the folder that holds data.mdb and lock.mdb. A program that writes it at the same time is not disturbed.</p>
      <Button icon={FolderOpen} onClick={() => void choose()}>
        Choose the LMDB folder…
      </Button>
    </div>
  )
}

type MongoProps = { uri: string; onUri: (uri: string) => void; password: string; onPassword: (password: string) => void; keep: boolean; onKeep: (keep: boolean) => void; onEnter: () => void }

function MongoForm({ uri, onUri, password, onPassword, keep, onKeep, onEnter }: MongoProps) {
  const secrets = useCall('secrets.state', uri.trim() === '' ? null : { address: uri.trim() })
  const { canKeep = false, kept = false, why = null } = secrets.data ?? {}
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return
    event.preventDefault()
    onEnter()
  }
  return (
    <div className={styles['form']} onKeyDown={press}>
      <span className="t2" aria-hidden="true">
        URI
      </span>
      <TextField mono name="URI of the database" value={uri} onChange={onUri} placeholder="mongodb://user@host:27017/flowcept" />
      <span className="t2" aria-hidden="true">
        Password
      </span>
      <PasswordField mono name="Password of the database" value={password} onChange={onPassword} placeholder={kept ? 'kept' : 'none'} />
      <span className={styles['wide']}>
        {canKeep ? (
          <Checkbox checked={keep} onChange={onKeep} disabled={password === ''}>
            Keep password in the system’s secret store
          </Checkbox>
        ) : (
          <span className="f11 t3">{password === '' ? 'Without a name of a database in the address, flowcept is opened.' : (why ?? 'The password is kept in memory only.')}</span>
        )}
      </span>
    </div>
  )
}
