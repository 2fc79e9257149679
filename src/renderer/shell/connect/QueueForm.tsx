/** The address of the queue: as fields, each with its origin, or as one URL. */
import { type ReactNode, useState } from 'react'
import { CopyButton } from '../../parts/CopyButton.tsx'
import { Segmented } from '../../parts/Segmented.tsx'
import { SelectField } from '../../parts/SelectField.tsx'
import { TextField } from '../../parts/TextField.tsx'
import type { Settings } from '../../state/attach.ts'
import type { Broker } from '../../state/queueUrl.ts'
import { toast } from '../../state/toasts.ts'
import styles from './ConnectDialog.module.css'
import { OriginTag, OriginWords } from './OriginTag.tsx'
import { PasswordRow, type KeepChoice } from './PasswordRow.tsx'
import type { FieldName, QueueChoice } from './useQueueChoice.ts'

const brokers: { value: string; label: string; broker: Broker; tls: boolean }[] = [
  { value: 'redis', label: 'Redis', broker: 'redis', tls: false },
  { value: 'rediss', label: 'Redis, TLS', broker: 'redis', tls: true },
  { value: 'amqp', label: 'RabbitMQ', broker: 'rabbitmq', tls: false },
  { value: 'amqps', label: 'RabbitMQ, TLS', broker: 'rabbitmq', tls: true }
]
/** Not offered, since it cannot be read yet; but Flowcept's settings may name it. */
const kafka = { value: 'kafka', label: 'Kafka', broker: 'kafka', tls: false } as const
const channelNames: Record<Broker, string> = { redis: 'Channel', rabbitmq: 'Exchange', kafka: 'Topic' }
const databaseNames: Record<Broker, string | null> = { redis: 'Database', rabbitmq: 'Virtual host', kafka: null }

export function QueueForm({ choice, settings, problem, keep }: { choice: QueueChoice; settings: Settings | null; /** Why the settings could not be had. */ problem: string | null; keep: KeepChoice }) {
  const [shape, setShape] = useState<'fields' | 'url'>('fields')
  return (
    <section aria-labelledby="queue-title">
      <div className={styles['head']}>
        <h3 id="queue-title" className="strong f12 grow">
          Queue
        </h3>
        <Segmented
          name="The address as"
          value={shape}
          onChange={setShape}
          options={[
            { value: 'fields', label: 'Fields' },
            { value: 'url', label: 'URL' }
          ]}
        />
      </div>
      {shape === 'fields' ? <Fields choice={choice} /> : <WholeUrl choice={choice} />}
      <PasswordRow choice={choice} settings={settings} keep={keep} />
      {shape === 'fields' && (
        <FieldRow label="URL" className={styles['urlRow']}>
          <span className={styles['url']} title={choice.url}>
            {choice.url}
          </span>
          <CopyButton name="Copy the URL" text={choice.url} onFailed={notCopied} />
        </FieldRow>
      )}
      <p className={styles['order']}>
        {problem === null ? (
          <>
            Order: environment, <span className="mono f11">FLOWCEPT_SETTINGS_PATH</span>, settings.yaml, defaults
          </>
        ) : (
          <span className="waitc">Flowcept’s settings could not be read, so that these are defaults. {problem}</span>
        )}
        {settings?.files.map((file) =>
          file.problem === null ? null : (
            <span key={file.path} className="waitc">
              <br />
              {file.problem}
            </span>
          )
        )}
      </p>
    </section>
  )
}

function Fields({ choice }: { choice: QueueChoice }) {
  const { fields, setBroker } = choice
  const offered = fields.broker === 'kafka' ? [...brokers, kafka] : brokers
  const broker = offered.find((option) => option.broker === fields.broker && option.tls === fields.tls)
  const databaseName = databaseNames[fields.broker]
  return (
    <>
      <FieldRow label="Broker" origin={choice.originOf('broker')}>
        <SelectField
          name="Broker"
          value={broker?.value ?? 'redis'}
          options={offered}
          onChange={(value) => {
            const next = offered.find((option) => option.value === value)
            if (next) setBroker(next.broker, next.tls)
          }}
        />
      </FieldRow>
      <TextRow choice={choice} name="host" label="Host" />
      <TextRow choice={choice} name="port" label="Port" numeric />
      {databaseName !== null && <TextRow choice={choice} name="database" label={databaseName} numeric={fields.broker === 'redis'} />}
      <TextRow choice={choice} name="channel" label={channelNames[fields.broker]} />
      <TextRow choice={choice} name="user" label="User" placeholder="none" />
    </>
  )
}

function TextRow({ choice, name, label, placeholder, numeric = false }: { choice: QueueChoice; name: Exclude<FieldName, 'broker'>; label: string; placeholder?: string; numeric?: boolean }) {
  const { fields, mistake, set } = choice
  return (
    <FieldRow label={label} origin={choice.originOf(name)} mistake={mistake?.field === name ? mistake.text : null}>
      <TextField mono name={label} value={fields[name]} onChange={(value) => set(name, value)} aria-invalid={mistake?.field === name} data-autofocus={name === 'host' || undefined} {...(placeholder !== undefined && { placeholder })} {...(numeric && { inputMode: 'numeric' })} />
    </FieldRow>
  )
}

/** Label, field, tag of its origin, what that won over. With a mistake, that stands under them. */
export function FieldRow({ label, origin, mistake = null, className, children }: { label: string; origin?: ReturnType<QueueChoice['originOf']>; mistake?: string | null; className?: string | undefined; children: ReactNode }) {
  return (
    <div className={className ?? styles['row']}>
      <span className="t2" aria-hidden="true">
        {label}
      </span>
      {children}
      {origin && <OriginTag origin={origin} />}
      {origin && <OriginWords origin={origin} />}
      {mistake !== null && (
        <span className={styles['mistake']} role="alert">
          {mistake}
        </span>
      )}
    </div>
  )
}

function WholeUrl({ choice }: { choice: QueueChoice }) {
  const [text, setText] = useState(choice.url)
  const [mistake, setMistake] = useState<string | null>(null)
  const take = (url: string): void => {
    setText(url)
    setMistake(choice.setUrl(url))
  }
  return (
    <div className={styles['whole']}>
      <TextField mono name="URL of the queue" value={text} onChange={take} error={mistake} placeholder="redis://user@host:6379/0/interception" className="grow" />
      <p className="f11 t3">
        redis, rediss, amqp or amqps; host and port, database or virtual host, channel. A channel with <span className="mono f11">*</span> is a pattern. A password in it moves to its own field.
      </p>
    </div>
  )
}

export const notCopied = (why: string): void => toast({ tone: 'failed', title: 'Not copied', detail: why })
