/** One end of a transfer: which kind of store, and where. */
import { FolderOpen } from 'lucide-react'
import { Button } from '../../parts/Button.tsx'
import { classes } from '../../parts/classes.ts'
import { PasswordField } from '../../parts/PasswordField.tsx'
import { Segmented } from '../../parts/Segmented.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { choosePlace } from '../../state/places.ts'
import { toast } from '../../state/toasts.ts'
import { noPlace, type Place } from '../../state/transfers.ts'
import { StateWords } from '../connect/TargetRow.tsx'
import { useTargetState } from '../connect/useTargetState.ts'
import styles from './TransferDialog.module.css'

const kinds: { value: Place['type']; label: string }[] = [
  { value: 'lmdb', label: 'LMDB' },
  { value: 'mongodb', label: 'MongoDB' },
  { value: 'jsonl', label: 'JSONL' }
]

export function StoreChoice({ end, place, onChange, disabled, asOf = '' }: { end: 'from' | 'to'; place: Place; onChange: (place: Place) => void; disabled: boolean; /** What is there is asked anew when this changes. */ asOf?: string }) {
  const { type, handle, uri, password } = place
  const label = end === 'from' ? 'From' : 'To'
  const state = useTargetState(place, end === 'to', asOf)
  const hasPlace = type === 'mongodb' ? uri.trim() !== '' : handle !== null
  const choose = async (): Promise<void> => {
    const chosen = await choosePlace({ type: type === 'jsonl' ? 'jsonl' : 'lmdb', use: end === 'from' ? 'read' : 'write' })
    if (chosen && 'mistake' in chosen) toast({ tone: 'failed', title: 'The place could not be chosen', detail: chosen.mistake })
    else if (chosen) onChange({ ...place, ...chosen })
  }
  return (
    <fieldset className={styles['end']} disabled={disabled} aria-label={label}>
      <div className={styles['endLine']}>
        <span className={styles['endName']}>{label}</span>
        <Segmented name={`${label}: kind of store`} value={type} options={kinds.map((kind) => ({ ...kind, disabled }))} onChange={(next) => onChange({ ...noPlace, type: next })} />
        {type === 'mongodb' ? (
          <TextField small mono name={`${label}: URI of MongoDB`} className="grow" placeholder="mongodb://user@host:27017/flowcept" value={uri} disabled={disabled} onChange={(value) => onChange({ ...place, uri: value })} />
        ) : (
          <>
            <span className={classes('mono', styles['where'], handle === null && 't3')} title={place.place}>
              {handle === null ? <span className="null">nowhere yet</span> : <bdi>{place.place}</bdi>}
            </span>
            <Button size="small" icon={FolderOpen} disabled={disabled} aria-label={`${label}: choose where`} onClick={() => void choose()}>
              Choose…
            </Button>
          </>
        )}
        {end === 'to' && hasPlace && <StateWords type={type} on state={state} hasPlace />}
      </div>
      {type === 'mongodb' && /^mongodb(\+srv)?:\/\/[^/@:]+@/.test(uri) && (
        <div className={styles['endMore']}>
          <span className="f11 t2">Password</span>
          <PasswordField small mono name={`${label}: password of MongoDB`} className="grow" value={password} onChange={(value) => onChange({ ...place, password: value })} />
        </div>
      )}
      {end === 'to' && state?.state === 'refused' && (
        <p className={styles['refusal']} role="alert">
          {state.message}
        </p>
      )}
    </fieldset>
  )
}
