/** One message as a row, and the heads of its columns. */
import { Bot, Box, CircleHelp, ListChecks, type LucideIcon, SquareTerminal, Workflow } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import { bytes, clock, dateTime, middle, zoneName } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { StatusMark } from '../../parts/StatusMark.tsx'
import css from './Stream.module.css'
import type { Message } from './StreamWindow.ts'

type Zone = 'utc' | 'local'
const icons: Record<Message['kind'], LucideIcon> = { task: ListChecks, workflow: Workflow, agent: Bot, object: Box, control: SquareTerminal, unknown: CircleHelp }
const columns = ['time', 'kind', 'status', 'activity', 'id', 'workflow', 'host', 'used', 'generated', 'size'] as const

export function StreamHead({ oneDay }: { oneDay: boolean }): ReactNode {
  return (
    <div role="rowgroup" className={css['head']}>
      <div role="row" className={css['row']} data-days={!oneDay || undefined} aria-rowindex={1}>
        {columns.map((name, index) => (
          <span key={name} role="columnheader" aria-colindex={index + 1} className={css[name]}>
            {name === 'used' || name === 'generated' ? <span className="mono f11">{name}</span> : name}
          </span>
        ))}
      </div>
    </div>
  )
}

type Props = { id: string; message: Message; rowIndex: number; topPx: number; chosen: boolean; oneDay: boolean; zone: Zone; onChoose: (message: Message) => void }

export const StreamRow = memo(
  function StreamRow({ id, message, rowIndex, topPx, chosen, oneDay, zone, onChoose }: Props): ReactNode {
    const { kind, time, status, activity, workflowId, hostname, used, generated, bytes: sizeBytes } = message
    const cell = (name: (typeof columns)[number], content: ReactNode, title?: string): ReactNode => (
      <span role="gridcell" aria-colindex={columns.indexOf(name) + 1} className={css[name]} title={title}>
        {content}
      </span>
    )
    return (
      <div id={id} role="row" aria-rowindex={rowIndex} aria-selected={chosen} data-line={message.line} data-status={status ?? undefined} data-days={!oneDay || undefined} className={css['row']} style={{ transform: `translateY(${topPx}px)` }} onClick={() => onChoose(message)}>
        {cell('time', time === null ? <span className="null">null</span> : oneDay ? clock(time, zone, 3) : dateTime(time, zone, 3).slice(5), time === null ? 'no time in it' : `${dateTime(time, zone, 6)} ${zoneName(zone, time)}`)}
        {cell(
          'kind',
          <>
            <Icon of={icons[kind]} size={12} className="t3" />
            {kind}
          </>
        )}
        {cell('status', status === null ? null : <StatusMark status={status} />)}
        {cell('activity', activity, activity ?? undefined)}
        {cell('id', message.id === null ? <span className="null">null</span> : middle(message.id, 20), message.id ?? undefined)}
        {cell('workflow', workflowId === null ? null : middle(workflowId, 13), workflowId ?? undefined)}
        {cell('host', hostname, hostname ?? undefined)}
        {cell('used', used, used)}
        {cell('generated', generated, generated)}
        {cell('size', bytes(sizeBytes))}
      </div>
    )
  },
  (a, b) => a.message === b.message && a.topPx === b.topPx && a.chosen === b.chosen && a.oneDay === b.oneDay && a.zone === b.zone && a.rowIndex === b.rowIndex && a.id === b.id
)
