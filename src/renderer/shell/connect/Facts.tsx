/** What attaching sends, and what one should know before. */
import { bytes, seconds } from '../../parts/format.ts'
import type { QueueTest } from '../../state/attach.ts'
import type { Broker } from '../../state/queueUrl.ts'
import styles from './ConnectDialog.module.css'
import type { RoleKind } from './RolePart.tsx'
import { brokerNames } from './TestCard.tsx'

export function Facts({ broker, kind, commands, freeBytes, test }: { broker: Broker; kind: RoleKind; commands: string[]; freeBytes: number | null; test: QueueTest | null }) {
  return (
    <section aria-labelledby="sent-title">
      <h3 id="sent-title" className={styles['sentTitle']}>
        What will be sent
      </h3>
      <pre className={styles['sent']}>{commands.join('\n')}</pre>
      <dl className={styles['facts']}>
        {kind === 'record' && (
          <>
            <dt>Tasks already in the stores</dt>
            <dd>merged field by field, never replaced</dd>
          </>
        )}
        <dt>Sent before you attach</dt>
        <dd>{broker === 'kafka' ? 'not seen; we begin at the end of the topic' : `not seen; ${brokerNames[broker]} does not replay`}</dd>
        <dt>Free disk</dt>
        <dd>{freeBytes === null ? 'not known' : `${bytes(freeBytes)}${rateWords(freeBytes, test)}`}</dd>
      </dl>
    </section>
  )
}

function rateWords(freeBytes: number, test: QueueTest | null): string {
  if (!test || test.error !== null) return ''
  if (!test.messagesPerSecond || !test.meanBytes) return '; nothing was sent during the test'
  const last = freeBytes / (test.messagesPerSecond * test.meanBytes)
  return last > 365 * 86_400 ? ', more than a year at this rate' : `, ${seconds(Math.round(last), 0)} at this rate`
}
