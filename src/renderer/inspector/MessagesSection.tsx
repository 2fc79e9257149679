/** The messages a record was merged from, exactly as they stand in their files, with their place. */
import { type ReactNode, useState } from 'react'
import type { Result } from '#contract/methods'
import type { Records } from '#contract/values'
import { count } from '../parts/format.ts'
import { useCall } from '../state/query.ts'
import { Section } from './Section.tsx'
import css from './Inspector.module.css'

type Message = Result<'records.get'>['messages'][number]
const pageMessages = 50
const foldedText = 600

export function MessagesSection({ sourceId, records, record }: { sourceId: string; records: Records; record: Result<'records.get'> }): ReactNode {
  const [offset, setOffset] = useState(0)
  const page = useCall('records.get', offset === 0 ? null : { sourceId, records, id: record.id, messagesOffset: offset, messagesLimit: pageMessages })
  const messages = offset === 0 ? record.messages : (page.data?.messages ?? [])
  const total = record.messagesTotal
  return (
    <Section id="messages" title={records === 'messages' ? 'As it was read' : 'Raw messages'} figure={count(total)} startClosed={records !== 'messages'}>
      {messages.map((message) => (
        <RawMessage key={message.id} message={message} />
      ))}
      {total > messages.length && (
        <div className={css['pager']}>
          <button type="button" className={css['more']} disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - pageMessages))}>
            Earlier
          </button>
          <span className="f11 t3">
            {count(offset + 1)}–{count(offset + messages.length)} of {count(total)}
          </span>
          <button type="button" className={css['more']} disabled={offset + messages.length >= total} onClick={() => setOffset(offset + pageMessages)}>
            Later
          </button>
        </div>
      )}
    </Section>
  )
}

function RawMessage({ message }: { message: Message }): ReactNode {
  const [whole, setWhole] = useState(false)
  const folded = !whole && message.text.length > foldedText
  return (
    <div className={css['message']}>
      <div className="f11 t3 ell">
        {message.file}, line {count(message.line)}, byte {count(message.byte)}
      </div>
      <pre className={css['code']} tabIndex={0} aria-label={`Line ${message.line} of ${message.file}`}>
        {folded ? `${message.text.slice(0, foldedText)}…` : message.text}
      </pre>
      {message.text.length > foldedText && (
        <button type="button" className={css['more']} onClick={() => setWhole(!whole)}>
          {whole ? 'Show less' : `Show all ${count(message.text.length)} characters`}
        </button>
      )}
    </div>
  )
}
