/** What was asked and answered, whole and in order, as plain text. It follows the chosen call. */
import { ChevronDown, ChevronUp, Copy } from 'lucide-react'
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { AgentCall } from '#contract/agents'
import { call as ask } from '../../connection/call.ts'
import { Button } from '../../parts/Button.tsx'
import { count, counted } from '../../parts/format.ts'
import { IconButton } from '../../parts/IconButton.tsx'
import { useCall } from '../../state/query.ts'
import { toast } from '../../state/toasts.ts'
import css from './Agents.module.css'
import { CallsState } from './CallsState.tsx'
import { ConversationItem } from './ConversationItem.tsx'
import type { WhichCalls } from './useCalls.ts'
import { useKeysOf } from '../../state/commands.ts'

const windowCalls = 40
/** Enough for any prompt; what is longer still is in the record itself. */
const wholeLength = 1_000_000

export type ConversationProps = { which: WhichCalls; chosen: { at: number | null; taskId: string | null }; nameOf: (key: string | null) => string; onChoose: (call: AgentCall, at: number) => void; onError: (direction: 'next' | 'previous') => void; failed: number }

export function Conversation({ which, chosen, nameOf, onChoose, onError, failed }: ConversationProps): ReactNode {
  const [from, setFrom] = useState(0)
  const { sourceId, scope, without } = which
  const key = JSON.stringify([scope, without, sourceId])
  useEffect(() => setFrom(0), [key])
  useEffect(() => {
    const { at } = chosen
    if (at !== null) setFrom((before) => (at >= before && at < before + windowCalls ? before : Math.max(0, at - 8)))
  }, [chosen.at])
  const answer = useCall('agents.calls', { sourceId, scope, without: [...without], offset: from, limit: windowCalls })
  const { data } = answer
  const list = useRef<HTMLDivElement>(null)
  const [sight, setSight] = useState<[number, number]>([0, 0])
  const look = (): void => setSight(inSight(list.current))
  useLayoutEffect(look, [data])
  useEffect(() => {
    const item = list.current?.querySelector<HTMLElement>('[aria-current=true]')
    if (item && list.current) bringIn(item, list.current)
  }, [chosen.taskId, data?.offset])
  const total = data?.total ?? 0
  const shown = data?.calls ?? []
  const copy = async (): Promise<void> => {
    const [first, last] = sight
    const reply = await ask('agents.calls', { sourceId, scope, without: [...without], offset: from + first, limit: Math.max(1, last - first + 1), textLength: wholeLength })
    if (!reply.ok) return toast({ tone: 'failed', title: 'The calls could not be copied', detail: reply.error.message })
    try {
      await navigator.clipboard.writeText(JSON.stringify(reply.value.calls, null, 2))
      toast({ tone: 'done', title: `Copied ${counted(reply.value.calls.length, 'call')} as JSON` })
    } catch (error) {
      toast({ tone: 'failed', title: 'The calls could not be copied', detail: error instanceof Error ? error.message : String(error) })
    }
  }
  return (
    <section className={css['card']} aria-label="Conversation">
      <header className={css['cardHead']}>
        <h2 className="grow ell">
          Conversation <span className={css['count']}>{shown.length > 0 && `calls ${count(from + sight[0] + 1)}–${count(from + sight[1] + 1)} of ${count(total)}`}</span>
        </h2>
        <IconButton small name="Previous failed call" keys={useKeysOf('agents.previous-failed')} icon={ChevronUp} disabled={failed === 0} onClick={() => onError('previous')} />
        <IconButton small name="Next failed call" keys={useKeysOf('agents.next-failed')} icon={ChevronDown} disabled={failed === 0} onClick={() => onError('next')} />
        <Button size="small" icon={Copy} disabled={shown.length === 0} title="The calls in sight, with whole texts" onClick={() => void copy()}>
          Copy as JSON
        </Button>
      </header>
      <CallsState answer={answer}>
        <div ref={list} className={css['conversation']} role="list" aria-label="Calls, in words" tabIndex={0} onScroll={look}>
          {from > 0 && (
            <Button tone="link" size="small" className={css['moreCalls']} onClick={() => setFrom(Math.max(0, from - windowCalls + 8))}>
              Earlier calls
            </Button>
          )}
          {shown.map((call, at) => (
            <ConversationItem key={call.taskId} call={call} which={which} at={from + at} chosen={call.taskId === chosen.taskId} nameOf={nameOf} onChoose={() => onChoose(call, from + at)} />
          ))}
          {from + shown.length < total && (
            <Button tone="link" size="small" className={css['moreCalls']} onClick={() => setFrom(from + windowCalls - 8)}>
              Later calls
            </Button>
          )}
        </div>
      </CallsState>
    </section>
  )
}

/** The first and the last item any of which is seen. */
function inSight(list: HTMLElement | null): [number, number] {
  if (!list) return [0, 0]
  const box = list.getBoundingClientRect()
  const items = [...list.querySelectorAll('[role=listitem]')]
  const isSeen = (item: Element): boolean => {
    const { top, bottom } = item.getBoundingClientRect()
    return bottom > box.top + 2 && top < box.bottom - 2
  }
  return [Math.max(0, items.findIndex(isSeen)), Math.max(0, items.findLastIndex(isSeen))]
}

/** Scrolls the list alone, not what it stands in. */
function bringIn(item: HTMLElement, list: HTMLElement): void {
  const [own, box] = [item.getBoundingClientRect(), list.getBoundingClientRect()]
  if (own.top < box.top) list.scrollTop += own.top - box.top
  else if (own.bottom > box.bottom) list.scrollTop += Math.min(own.bottom - box.bottom, own.top - box.top)
}
