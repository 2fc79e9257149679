/** Which store records go to: its address and database, or its folder; what is there now; and what an export would change. */
import { CircleCheck, FolderOpen } from 'lucide-react'
import { Button } from '../../parts/Button.tsx'
import { Checkbox } from '../../parts/Checkbox.tsx'
import { classes } from '../../parts/classes.ts'
import { count } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { PasswordField } from '../../parts/PasswordField.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { databaseOf } from '../../state/exportChoice.ts'
import { choosePlace } from '../../state/places.ts'
import { useCall } from '../../state/query.ts'
import { toast } from '../../state/toasts.ts'
import { type TargetState, useTargetState } from '../connect/useTargetState.ts'
import { DryRun } from './DryRun.tsx'
import css from './ExportDialog.module.css'
import type { ExportState } from './useExportChoice.ts'
import type { StoreRun } from './useStoreRun.ts'

export function StorePane({ state, store }: { state: ExportState; store: StoreRun }) {
  const { choice, change, target } = state
  const written = store.job && !store.job.dryRun && store.job.state === 'done' ? store.job.exportId : ''
  const answer = useTargetState(target, true, written)
  return (
    <>
      <section className={css['part']} aria-label="Store">
        {choice.to === 'mongodb' ? <MongoFields state={state} answer={answer} disabled={store.busy} /> : <FolderField state={state} answer={answer} disabled={store.busy} />}
        {answer?.state === 'refused' && (
          <p className="errc f12" role="alert">
            {answer.message}
          </p>
        )}
        <Checkbox checked={choice.related} disabled={store.busy} onChange={(related) => change({ related })}>
          <span>
            With what they belong to <span className="t3">their workflows, agents and objects, so that Flowcept finds them</span>
          </span>
        </Checkbox>
      </section>
      <DryRun store={store} kind={choice.to === 'mongodb' ? 'MongoDB' : 'LMDB'} />
    </>
  )
}

type FieldsProps = { state: ExportState; answer: TargetState | null; disabled: boolean }

function MongoFields({ state: { uri, setUri, password, setPassword, choice, change, target }, answer, disabled }: FieldsProps) {
  const hasUser = /^mongodb(\+srv)?:\/\/[^/@:]+@/.test(uri)
  const secrets = useCall('secrets.state', hasUser ? { address: target.uri } : null)
  return (
    <>
      <div className={css['store']}>
        <span className="t2 f12" aria-hidden="true">
          To
        </span>
        <TextField mono name="Address of MongoDB" className={css['address']} placeholder="mongodb://user@host:27017" value={uri} disabled={disabled} onChange={setUri} />
        <span className="t2 f12" aria-hidden="true">
          database
        </span>
        <TextField mono name="Database" className={css['database']} placeholder={databaseOf(uri) || 'flowcept'} value={choice.database} disabled={disabled} onChange={(database) => change({ database })} />
        <TargetWords state={answer} hasPlace={uri.trim() !== ''} words={{ none: 'no address', fresh: 'new, empty' }} />
      </div>
      {hasUser && (
        <div className={css['store']}>
          <span className="t2 f12" aria-hidden="true">
            Password
          </span>
          <PasswordField mono name="Password of MongoDB" className={css['address']} placeholder={secrets.data?.kept ? 'kept' : 'none'} value={password} disabled={disabled} onChange={setPassword} />
          <span className="f11 t3">Kept only while this dialog is open.</span>
        </div>
      )}
    </>
  )
}

function FolderField({ state: { target, setFolder }, answer, disabled }: FieldsProps) {
  const choose = async (): Promise<void> => {
    const chosen = await choosePlace({ type: 'lmdb', use: 'write' })
    if (chosen && 'mistake' in chosen) toast({ tone: 'failed', title: 'The place could not be chosen', detail: chosen.mistake })
    else if (chosen) setFolder(chosen)
  }
  return (
    <div className={css['store']}>
      <span className="t2 f12" aria-hidden="true">
        To
      </span>
      <span className={classes('mono f12', css['folder'], target.handle === null && 't3')} title={target.place}>
        {target.handle === null ? <span className="null">no folder yet</span> : <bdi>{target.place}</bdi>}
      </span>
      <Button icon={FolderOpen} disabled={disabled} onClick={() => void choose()}>
        Choose a folder…
      </Button>
      <TargetWords state={answer} hasPlace={target.handle !== null} words={{ none: '', fresh: 'new folder' }} />
    </div>
  )
}

/** What the store answered when it was tried. */
function TargetWords({ state, hasPlace, words }: { state: TargetState | null; hasPlace: boolean; words: { none: string; fresh: string } }) {
  if (!hasPlace) return <span className="f11 waitc nw">{words.none}</span>
  if (!state) return <span className="f11 t3 nw">asking…</span>
  if (state.state === 'refused') return <span className="f11 errc nw">refused</span>
  return (
    <span className={css['answers']} title={state.message}>
      <Icon of={CircleCheck} size={12} />
      {state.state === 'new' ? words.fresh : `writable${state.records === null ? '' : `, ${count(state.records)} there`}`}
    </span>
  )
}
