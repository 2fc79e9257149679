/** What Flowcept's settings on this machine name: a queue, an LMDB folder, a MongoDB database. Nothing is asked over a network unless told to. */
import { CircleCheck, SlidersHorizontal } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { call } from '../../connection/call.ts'
import { Button } from '../../parts/Button.tsx'
import { Card } from '../../parts/Card.tsx'
import { classes } from '../../parts/classes.ts'
import { count, decimal } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { openAttach, type QueueTest, type Settings } from '../../state/attach.ts'
import { openStore, openStoreDialog } from '../../state/open.ts'
import { useCall } from '../../state/query.ts'
import { readUrl } from '../../state/queueUrl.ts'
import { toast } from '../../state/toasts.ts'
import styles from './Welcome.module.css'

export function Found() {
  const { data: settings } = useCall('live.settings', {})
  // The card above it says what there is; without settings there is nothing to find.
  if (!settings) return null
  const used = settings.files.find((file) => file.exists)
  return (
    <Card title="Found on this machine" icon={SlidersHorizontal} tools={<span className={classes('mono f11 t3', styles['path'])} title={used?.path}>{used ? <bdi>{used.path}</bdi> : 'Flowcept’s defaults and environment'}</span>}>
      {settings.url !== '' && <Queue settings={settings} />}
      <Lmdb settings={settings} />
      <Mongo settings={settings} />
    </Card>
  )
}

function Line({ kind, name, where, state, action }: { kind: string; name: string; where: string; state: ReactNode; action: ReactNode }) {
  return (
    <div className={styles['found']}>
      <span className="t2">{kind}</span>
      {/* A path is cut at its beginning, an address at its end. */}
      <span className={classes('mono', name.includes('://') ? 'ell' : styles['path'])} title={name}>
        <bdi>{name}</bdi>
      </span>
      <span className="f11 t3 ell" title={where}>
        {where}
      </span>
      {state}
      <span>{action}</span>
    </div>
  )
}

function Queue({ settings }: { settings: Settings }) {
  const [test, setTest] = useState<QueueTest | 'asking' | null>(null)
  const read = readUrl(settings.url)
  const { host, port, channel } = 'fields' in read ? read.fields : { host: '', port: '', channel: '' }
  const from = settings.settings.find(({ key, origin }) => ['mq.uri', 'mq.host'].includes(key) && origin !== 'default')
  const ask = async (): Promise<void> => {
    setTest('asking')
    const reply = await call('live.test', { url: settings.url })
    setTest(reply.ok ? reply.value : null)
    if (!reply.ok) toast({ tone: 'failed', title: 'The queue could not be asked', detail: reply.error.message })
  }
  const scheme = settings.url.slice(0, settings.url.indexOf(':'))
  return (
    <Line
      kind="Queue"
      name={`${scheme}://${host}:${port}`}
      where={`${channel}, ${from ? `from ${from.origin === 'environment' ? from.where : from.key}` : 'not set anywhere'}`}
      state={
        test === null ? (
          <Button tone="link" size="small" aria-label="Ask whether the queue answers" onClick={() => void ask()}>
            Ask
          </Button>
        ) : test === 'asking' ? (
          <span className="f11 t3 nw">asking…</span>
        ) : test.error === null ? (
          <Answers words={test.roundTripMs === null ? 'Answers' : `Answers in ${decimal(test.roundTripMs, 1)} ms`} />
        ) : (
          <span className="f11 errc nw" title={test.error}>
            Does not answer
          </span>
        )
      }
      action={
        <Button size="small" onClick={() => openAttach()}>
          Attach
        </Button>
      }
    />
  )
}

const Answers = ({ words }: { words: string }) => (
  <span className={styles['answers']}>
    <Icon of={CircleCheck} size={12} />
    {words}
  </span>
)

function Lmdb({ settings: { lmdb } }: { settings: Settings }) {
  const { data } = useCall('live.target', { type: 'lmdb', handle: lmdb.handle })
  const kept = data?.state === 'kept'
  const open = async (): Promise<void> => {
    const mistake = await openStore({ type: 'lmdb', handle: lmdb.openHandle ?? lmdb.handle })
    if (mistake !== null) toast({ tone: 'failed', title: 'The LMDB folder could not be opened', detail: mistake })
  }
  return (
    <Line
      kind="LMDB"
      name={lmdb.path}
      where={!lmdb.enabled ? 'not enabled in the settings' : kept && data.records !== null ? `${count(data.records)} records` : 'enabled'}
      state={kept ? <Answers words="Readable" /> : <span className={classes('f11 nw', data?.state === 'refused' ? 'errc' : 't3')} title={data?.message}>{data === null ? '' : data.state === 'new' ? 'Not there yet' : 'Not readable'}</span>}
      action={
        kept && (
          <Button size="small" aria-label="Open the LMDB folder" onClick={() => void open()}>
            Open
          </Button>
        )
      }
    />
  )
}

function Mongo({ settings: { mongodb } }: { settings: Settings }) {
  return (
    <Line
      kind="MongoDB"
      name={mongodb.uri}
      where={mongodb.enabled ? 'enabled' : 'not enabled in the settings'}
      state={<span className="f11 t3 nw">Not tried</span>}
      action={
        <Button size="small" aria-label="Open the MongoDB database" onClick={() => openStoreDialog({ kind: 'mongodb', uri: mongodb.uri })}>
          Open
        </Button>
      }
    />
  )
}
