/** One store to record to: whether, where, and what is there now. */
import { CircleCheck, FolderOpen } from 'lucide-react'
import { Button } from '../../parts/Button.tsx'
import { Checkbox } from '../../parts/Checkbox.tsx'
import { count } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { PasswordField } from '../../parts/PasswordField.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { choosePlace } from '../../state/places.ts'
import { toast } from '../../state/toasts.ts'
import styles from './ConnectDialog.module.css'
import { storeNames, type Target } from './useRecordTargets.ts'
import { type TargetState, useTargetState } from './useTargetState.ts'

export function TargetRow({ target, onChange }: { target: Target; onChange: (change: Partial<Target>) => void }) {
  const { type, on, place, uri, password, handle } = target
  // A database is reached over the network: only once it is chosen.
  const state = useTargetState(target, on || type !== 'mongodb')
  const name = storeNames[type]
  const choose = async (): Promise<void> => {
    const chosen = await choosePlace({ type: type === 'jsonl' ? 'jsonl' : 'lmdb', use: 'write' })
    if (chosen && 'mistake' in chosen) toast({ tone: 'failed', title: 'The place could not be chosen', detail: chosen.mistake })
    else if (chosen) onChange({ handle: chosen.handle, place: chosen.place, on: true })
  }
  return (
    <div className={styles['target']} role="group" aria-label={name}>
      <div className={styles['targetLine']}>
        <Checkbox checked={on} onChange={(next) => onChange({ on: next })} name={`Record to ${name}`} />
        <span className="med">{name}</span>
        {type === 'mongodb' ? (
          <TextField small mono name="URI of MongoDB" className="grow" value={uri} placeholder="mongodb://host:27017/flowcept" onChange={(value) => onChange({ uri: value })} />
        ) : (
          <Button size="small" className={styles['place']} icon={FolderOpen} aria-label={`Choose where for ${name}${place === '' ? '' : `, now ${place}`}`} title={place} onClick={() => void choose()}>
            {handle === null ? 'Choose…' : <PathEnd path={place} />}
          </Button>
        )}
        <StateWords type={type} on={on} state={state} hasPlace={type === 'mongodb' ? uri.trim() !== '' : handle !== null} />
      </div>
      {type === 'mongodb' && on && /^mongodb(\+srv)?:\/\/[^/@:]+@/.test(uri) && (
        <div className={styles['targetMore']}>
          <span className="f11 t2">Password</span>
          <PasswordField small mono name="Password of MongoDB" className="grow" value={password} onChange={(value) => onChange({ password: value })} />
        </div>
      )}
      {on && state?.state === 'refused' && (
        <p className={styles['refusal']} role="alert">
          {state.message}
        </p>
      )}
    </div>
  )
}

/** Cut at its beginning: how a path ends is what tells it from others. */
function PathEnd({ path }: { path: string }) {
  return (
    <span className={styles['path']}>
      <bdi>{path}</bdi>
    </span>
  )
}

/** What is at a place to be written, in a word or two. */
export function StateWords({ type, on, state, hasPlace }: { type: Target['type']; /** Whether it is chosen. */ on: boolean; state: TargetState | null; hasPlace: boolean }) {
  if (!hasPlace) return <span className={on ? 'f11 waitc nw' : 'f11 t3 nw'}>{type === 'mongodb' ? 'no address' : 'no place'}</span>
  if (!on && type === 'mongodb') return <span className="f11 t3 nw">not tried</span>
  if (!state) return <span className="f11 t3 nw">asking…</span>
  if (state.state === 'refused') return <span className={on ? 'f11 errc nw' : 'f11 t2 nw'} title={state.message}>refused</span>
  if (state.state === 'new') return <span className="f11 t2 nw" title={state.message}>{{ lmdb: 'new folder', mongodb: 'new, empty', jsonl: 'new file' }[type]}</span>
  return (
    <span className={styles['writable']} title={state.message}>
      <Icon of={CircleCheck} size={12} />
      writable{state.records !== null && `, ${count(state.records)} kept`}
    </span>
  )
}
