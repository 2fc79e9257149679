/** What the broker answered: its name, how fast, who else listens, how much is sent, how far behind one may fall. */
import { CircleCheck, Info, LoaderCircle, OctagonX } from 'lucide-react'
import { bytes, count, decimal, seconds } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import type { QueueTest } from '../../state/attach.ts'
import { useNow } from '../../state/now.ts'
import type { Broker } from '../../state/queueUrl.ts'
import styles from './ConnectDialog.module.css'

export const brokerNames: Record<Broker, string> = { redis: 'Redis', rabbitmq: 'RabbitMQ', kafka: 'Kafka' }

export function TestCard({ broker, busy, result, mistake }: { broker: Broker; busy: boolean; result: QueueTest | null; mistake: string | null }) {
  if (busy) {
    return (
      <div className={styles['test']} role="status">
        <div className="row f12">
          <Icon of={LoaderCircle} size={14} className="runc" />
          <span className="med">Asking {brokerNames[broker]}</span>
          <span className="t2">and listening for a moment, to count messages</span>
        </div>
      </div>
    )
  }
  const why = mistake ?? result?.error ?? null
  if (why !== null) {
    return (
      <div className={styles['test']} role="alert">
        <div className="row f12">
          <Icon of={OctagonX} size={14} className="errc" />
          <span className="med grow">Does not answer</span>
          {result && <TestedAgo at={result.testedAt} />}
        </div>
        <p className={styles['reason']}>{why}</p>
      </div>
    )
  }
  return result && <Answer broker={broker} result={result} />
}

function Answer({ broker, result }: { broker: Broker; result: QueueTest }) {
  const { server, roundTripMs, subscribers, messagesPerSecond, listenedS, bufferLimitBytes, testedAt } = result
  const name = brokerNames[broker]
  return (
    <div className={styles['test']} role="status">
      <div className="row f12">
        <Icon of={CircleCheck} size={14} className="okc" />
        <span className="med grow">Answers: {server ?? name}</span>
        <TestedAgo at={testedAt} />
      </div>
      <div className={styles['figures']}>
        <Figure value={roundTripMs === null ? '—' : `${decimal(roundTripMs, roundTripMs < 10 ? 2 : 1)} ms`} words="round trip, median of 5" />
        <Figure value={subscribers === null ? '—' : count(subscribers)} words={subscribers === null ? 'other subscribers: not told' : subscribers === 1 ? 'other subscriber' : 'other subscribers'} />
        <Figure value={messagesPerSecond === null ? '—' : `${rate(messagesPerSecond)} /s`} words={listenedS > 0 ? `messages, last ${decimal(listenedS, 0)} s` : 'messages: not counted'} />
        <Figure value={bufferLimitBytes ? limitWords(bufferLimitBytes) : 'no limit'} words={bufferLimitBytes ? `until ${name} cuts us off` : 'on how far we may fall behind'} />
      </div>
      <div className={styles['stall']}>
        <Icon of={Info} size={12} className="t3" />
        <span>Raw frames go to disk first. {stall(result)}</span>
      </div>
    </div>
  )
}

function Figure({ value, words }: { value: string; words: string }) {
  return (
    <div>
      <b>{value}</b>
      <span>{words}</span>
    </div>
  )
}

function TestedAgo({ at }: { at: number }) {
  const passed = Math.max(0, Math.round(useNow(1000) - at))
  return <span className="f11 t3 nw">tested {passed < 1 ? 'just now' : `${seconds(passed, 0)} ago`}</span>
}

const rate = (perSecond: number): string => (perSecond > 0 && perSecond < 10 ? decimal(perSecond, 1) : count(perSecond))

const mebibyte = 2 ** 20
/** As brokers are configured, in powers of two. */
const limitWords = (sizeBytes: number): string => (sizeBytes % mebibyte === 0 ? `${count(sizeBytes / mebibyte)} MiB` : bytes(sizeBytes))

/** How long reading may stand still before the broker lets go. */
function stall({ messagesPerSecond, meanBytes, bufferLimitBytes }: QueueTest): string {
  if (!bufferLimitBytes) return 'The broker sets no limit on how far behind we may fall.'
  if (!messagesPerSecond || !meanBytes) return `Nothing was sent while we listened; ${limitWords(bufferLimitBytes)} are far off.`
  return `At ${rate(messagesPerSecond)} messages/s of ${meanBytes < 1000 ? bytes(meanBytes) : `${decimal(meanBytes / 1000, 1)} KB`}, a ${seconds(bufferLimitBytes / (messagesPerSecond * meanBytes), 0)} stall would fill it.`
}
