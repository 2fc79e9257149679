/** "Attach to a queue": which queue, tested if wanted, and whether to watch or to record. */
import { Radio, RefreshCw } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import type { Given } from '#contract/methods'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { counted } from '../../parts/format.ts'
import { KeyCaps } from '../../parts/KeyCaps.tsx'
import { attach, attachChoice } from '../../state/attach.ts'
import { useCall } from '../../state/query.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import styles from './ConnectDialog.module.css'
import { Facts } from './Facts.tsx'
import { QueueForm } from './QueueForm.tsx'
import { type RoleKind, RolePart } from './RolePart.tsx'
import { sentCommands } from './sentCommands.ts'
import { TestCard } from './TestCard.tsx'
import { TunnelBlock } from './TunnelBlock.tsx'
import { useQueueChoice } from './useQueueChoice.ts'
import { useQueueTest } from './useQueueTest.ts'
import { useRecordTargets } from './useRecordTargets.ts'

export function ConnectDialog() {
  const open = useWorkbench((s) => s.dialog === 'attach')
  const url = attachChoice((s) => s.url)
  return open ? <Body key={url} recentUrl={url} /> : null
}

function Body({ recentUrl }: { recentUrl: string | null }) {
  const settings = useCall('live.settings', {})
  const choice = useQueueChoice(settings.data, recentUrl)
  const test = useQueueTest(choice.url, choice.password)
  const targets = useRecordTargets(settings.data)
  const [kind, setKind] = useState<RoleKind>('watch')
  const [asInserter, setAsInserter] = useState(false)
  const [keep, setKeep] = useState(false)
  const [busy, setBusy] = useState(false)
  const [mistake, setMistake] = useState<string | null>(null)
  const passwordSet = choice.password !== '' || (!choice.changed && settings.data?.settings.some(({ key, isSet }) => key === 'mq.password' && isSet) === true)
  const commands = sentCommands(choice.fields, passwordSet)
  const stores = targets.chosen.length
  const ready = choice.mistake === null && !busy && (kind === 'watch' || (stores > 0 && targets.open.length === 0))

  const close = (): void => workbench.getState().setDialog(null)
  const begin = async (): Promise<void> => {
    if (!ready) return
    setBusy(true)
    setMistake(null)
    const why = await attach({
      url: choice.url,
      ...(choice.password !== '' && { password: choice.password }),
      keepPassword: keep && choice.password !== '',
      role: kind === 'watch' ? { kind } : roleOf(targets.chosen, asInserter)
    })
    setBusy(false)
    if (why === null) close()
    else setMistake(why)
  }
  /** Enter in a field is the primary button. */
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.defaultPrevented || !(event.target instanceof HTMLInputElement)) return
    event.preventDefault()
    void begin()
  }
  const words = kind === 'watch' ? 'Attach and watch' : stores === 0 ? 'Attach and record' : `Attach and record to ${counted(stores, 'store')}`
  return (
    <Dialog
      open
      onClose={close}
      icon={Radio}
      title="Attach to a queue"
      className={styles['dialog']}
      foot={
        <>
          <Button size="large" icon={RefreshCw} disabled={test.busy || choice.mistake !== null} onClick={() => void test.run()}>
            {test.busy ? 'Testing…' : test.ran ? 'Test again' : 'Test'}
          </Button>
          <Note mistake={mistake} hint={hintOf(kind, stores, targets.open.length)} />
          <Button size="large" onClick={close}>
            Cancel <KeyCaps keys="Escape" />
          </Button>
          <Button size="large" tone="primary" icon={Radio} disabled={!ready} onClick={() => void begin()}>
            {busy ? 'Attaching…' : words}
          </Button>
        </>
      }
    >
      <div className={styles['columns']} onKeyDown={press}>
        <div className={styles['queue']}>
          <QueueForm choice={choice} settings={settings.data} problem={settings.error?.message ?? null} keep={{ on: keep, set: setKeep }} />
          <TestCard broker={choice.fields.broker} busy={test.busy} result={test.result} mistake={test.mistake} />
          <TunnelBlock choice={choice} />
        </div>
        <div className={styles['side']}>
          <h3 className={styles['sideTitle']}>Role</h3>
          <RolePart broker={choice.fields.broker} kind={kind} onKind={setKind} targets={targets} asInserter={asInserter} onInserter={setAsInserter} commands={commands} subscribers={test.result?.subscribers ?? null} />
          <Facts broker={choice.fields.broker} kind={kind} commands={commands} freeBytes={settings.data?.freeBytes ?? null} test={test.result} />
        </div>
      </div>
    </Dialog>
  )
}

function Note({ mistake, hint }: { mistake: string | null; hint: string }) {
  if (mistake === null) return <span className="f11 t3 grow ell">{hint}</span>
  return (
    <span className={styles['failed']} role="alert" title={mistake}>
      {mistake}
    </span>
  )
}

function hintOf(kind: RoleKind, stores: number, placeless: number): string {
  if (kind === 'record' && placeless > 0) return 'Say where the chosen stores are'
  if (kind === 'record' && stores === 0) return 'Choose a store to record to'
  return 'Attaching never slows the run'
}

type Role = NonNullable<Given<'live.attach'>['role']>
function roleOf(chosen: ReturnType<typeof useRecordTargets>['chosen'], asInserter: boolean): Role {
  const find = (type: 'lmdb' | 'mongodb' | 'jsonl') => chosen.find((target) => target.type === type)
  const mongodb = find('mongodb')
  return {
    kind: 'record',
    lmdb: find('lmdb')?.handle ?? null,
    mongodb: mongodb?.uri.trim() ?? null,
    ...(mongodb && mongodb.password !== '' && { mongodbPassword: mongodb.password }),
    jsonl: find('jsonl')?.handle ?? null,
    asInserter
  }
}
