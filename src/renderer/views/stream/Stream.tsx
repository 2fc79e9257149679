/** The Stream: messages in order of arrival, the newest at the end; follows, or stays and counts what comes. */
import { ArrowDown, CircleX, ScrollText } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type { Source } from '#contract/sources'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { count, counted, date } from '../../parts/format.ts'
import { useZone } from '../../state/appearance.ts'
import { moveKey, useCommands } from '../../state/commands.ts'
import { scopeOf } from '../../state/scope.ts'
import { useSource } from '../../state/sources.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import css from './Stream.module.css'
import { StreamHead, StreamRow } from './StreamRow.tsx'
import type { Message, StreamWindow } from './StreamWindow.ts'
import { streamState } from './streamState.ts'
import { useStreamWindow } from './useStreamWindow.ts'

const rowPx = 26
const spareRows = 10
/** Older ones are fetched before they come into sight. */
const olderWithinPx = 40 * rowPx

export function Stream(): ReactNode {
  const source = useSource()
  if (!source) return null
  if (source.state === 'failed' && source.counts.messages === 0) {
    return (
      <EmptyState icon={CircleX} tone="error" title={`${source.name} could not be read`}>
        {source.error}
      </EmptyState>
    )
  }
  return <Messages key={source.sourceId} source={source} />
}

function Messages({ source }: { source: Source }): ReactNode {
  const [node, chips, search, range] = useWorkbench(useShallow((s) => [s.node, s.chips, s.search, s.range] as const))
  const scope = useMemo(() => scopeOf({ node, chips, search, range }, 'messages'), [node, chips, search, range])
  const stream = useStreamWindow(source, scope)
  const { messages, older, newer, following, loaded, total } = stream
  const zone = useZone()
  const id = useId()
  const [cursor, setCursor] = useState<number | null>(null)
  const { scroller, view, goToEnd, goToStart, reveal } = useScrolling(stream)
  // The cursor goes to the first message when that is here.
  const [wantsFirst, setWantsFirst] = useState(false)
  const firstLine = older === 0 ? messages[0]?.line : undefined
  useEffect(() => {
    if (!wantsFirst || firstLine === undefined) return
    setWantsFirst(false)
    setCursor(firstLine)
  }, [wantsFirst, firstLine])
  useEffect(() => streamState.setState({ following, newer, toggle: () => (following ? stream.stay() : goToEnd()) }), [following, newer, stream, goToEnd])
  useCommands(
    () => [
      { id: 'stream.latest', group: 'Views', title: 'Jump to the latest message', detail: 'and follow', keys: 'End', unavailable: following ? 'it follows' : undefined, run: goToEnd },
      { id: 'stream.stay', group: 'Views', title: 'Stop following', unavailable: following ? undefined : 'it does not follow', run: () => stream.stay() }
    ],
    [following, goToEnd, stream]
  )
  const cursorIndex = cursor === null ? -1 : indexOfLine(messages, cursor)
  const first = Math.max(0, Math.floor(view.topPx / rowPx) - spareRows)
  const last = Math.min(messages.length, Math.ceil((view.topPx + view.heightPx) / rowPx) + spareRows)
  const oneDay = messages.length === 0 || sameDay(messages, zone)

  const move = (to: number): void => {
    const message = messages[Math.min(messages.length - 1, Math.max(0, to))]
    if (!message) return
    setCursor(message.line)
    if (to < messages.length - 1) stream.stay()
    reveal(indexOfLine(messages, message.line))
    show(message, false)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const pageRows = Math.max(1, Math.floor(view.heightPx / rowPx) - 1)
    // Without a cursor yet it enters at what is seen last.
    const at = cursorIndex >= 0 ? cursorIndex : Math.min(messages.length, Math.ceil((view.topPx + view.heightPx) / rowPx))
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: pageRows, PageUp: -pageRows }
    const step = steps[moveKey(event.nativeEvent)]
    if (event.key === 'End') {
      setCursor(null)
      goToEnd()
    } else if (event.key === 'Home') {
      goToStart()
      setWantsFirst(true)
    } else if (step !== undefined) move(at + step)
    else if (event.key === 'Enter' && cursorIndex >= 0) show(messages[cursorIndex], true)
    else return
    event.preventDefault()
  }

  if (stream.error && messages.length === 0) {
    return (
      <EmptyState icon={CircleX} tone="error" title="The messages could not be read" actions={<Button onClick={() => stream.retry()}>Try again</Button>}>
        {stream.error.message}
      </EmptyState>
    )
  }
  const narrowed = Object.keys(scope.filter).length > 0 || scope.search !== ''
  return (
    <div className={css['view']}>
      <div
        ref={scroller}
        className={css['scroller']}
        role="grid"
        aria-label={`Messages, ${count(total)}${narrowed ? ' in scope' : ''}, the newest last`}
        aria-rowcount={total + 1}
        aria-colcount={10}
        aria-busy={!loaded}
        aria-activedescendant={cursorIndex >= 0 ? `${id}-${cursor}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <StreamHead oneDay={oneDay} />
        <div role="rowgroup" className={css['rows']} style={{ height: messages.length * rowPx }}>
          {messages.slice(first, last).map((message, index) => (
            <StreamRow
              key={message.line}
              id={`${id}-${message.line}`}
              message={message}
              rowIndex={older + first + index + 2}
              topPx={(first + index) * rowPx}
              chosen={message.line === cursor}
              oneDay={oneDay}
              zone={zone}
              onChoose={choose}
            />
          ))}
        </div>
      </div>
      {loaded && total === 0 && (
        <div className={css['over']}>
          <EmptyState icon={ScrollText} title={narrowed ? 'No message matches' : 'No messages in this source'} {...(narrowed && { actions: <Button onClick={() => workbench.getState().clearScope()}>Clear the filter</Button> })}>
            {narrowed ? `${counted(source.counts.messages, 'message')} are outside of the filter, the search or the time range. Those that come and match appear here.` : 'Every line that could be read would be here.'}
          </EmptyState>
        </div>
      )}
      {!following && loaded && total > 0 && (
        <Button tone={newer > 0 ? 'primary' : 'plain'} icon={ArrowDown} className={css['jump']} onClick={goToEnd}>
          Jump to latest{newer > 0 && ` · ${count(newer)} new`}
        </Button>
      )}
      <Foot stream={stream} all={source.counts.messages} narrowed={narrowed} />
    </div>
  )

  function choose(message: Message): void {
    setCursor(message.line)
    stream.stay()
    show(message, true)
  }
}

/** What is in the window, what lies before and after: nothing is left out unsaid. */
function Foot({ stream, all, narrowed }: { stream: StreamWindow; all: number; narrowed: boolean }): ReactNode {
  const { messages, older, newer, total } = stream
  return (
    <div className={css['foot']}>
      <span>
        <b className="med">{count(messages.length)}</b> here
      </span>
      <span>{count(older)} older</span>
      <span>{count(newer)} newer</span>
      <span className="grow" />
      <span>
        {count(total)} {narrowed ? `of ${counted(all, 'message')} in scope` : total === 1 ? 'message' : 'messages'}
      </span>
    </div>
  )
}

/** Keeps the newest in sight while it follows, and what is seen where it is otherwise; fetches what is scrolled to. */
function useScrolling(stream: StreamWindow) {
  const scroller = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ topPx: 0, heightPx: 0 })
  /** The message at the upper edge and how far it is scrolled out. */
  const anchor = useRef<{ line: number; offPx: number } | null>(null)
  const pinnedTop = useRef(0)
  /** Asked for the first messages, which are on their way. */
  const toStart = useRef(false)
  const headPx = 26
  const { messages, following } = stream
  const goToEnd = useCallback(() => {
    toStart.current = false
    stream.latest()
  }, [stream])
  const goToStart = useCallback(() => {
    stream.stay()
    if (stream.older > 0) {
      toStart.current = true
      stream.oldest()
    } else if (scroller.current) scroller.current.scrollTop = 0
  }, [stream])

  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    if (following) {
      element.scrollTop = element.scrollHeight
      pinnedTop.current = element.scrollTop
    } else if (toStart.current && stream.older === 0) {
      toStart.current = false
      element.scrollTop = 0
    } else if (anchor.current) {
      const index = nearestLine(messages, anchor.current.line)
      const topPx = index * rowPx + anchor.current.offPx
      if (index >= 0 && Math.abs(topPx - element.scrollTop) >= 1) element.scrollTop = topPx
    }
    setView(sightOf(element, headPx))
  }, [stream, messages, following])

  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const onScroll = (): void => {
      const sight = sightOf(element, headPx)
      const { topPx } = sight
      const endPx = element.scrollHeight - element.clientHeight
      const index = Math.floor(topPx / rowPx)
      const top = stream.messages[index]
      anchor.current = top ? { line: top.line, offPx: topPx - index * rowPx } : null
      // Only a person scrolls up: the view itself scrolls down, or stays.
      if (stream.following && topPx < Math.min(pinnedTop.current, endPx) - 2) stream.stay()
      else if (!stream.following && topPx >= endPx - 2 && stream.newer === 0) stream.latest()
      if (topPx < olderWithinPx && stream.older > 0 && !stream.following) stream.loadOlder()
      if (topPx > endPx - olderWithinPx) stream.loadNewer()
      setView(sight)
    }
    const observer = new ResizeObserver(() => {
      if (stream.following) element.scrollTop = element.scrollHeight
      onScroll()
    })
    element.addEventListener('scroll', onScroll, { passive: true })
    observer.observe(element)
    return () => {
      element.removeEventListener('scroll', onScroll)
      observer.disconnect()
    }
  }, [stream])

  const reveal = useCallback((index: number) => {
    const element = scroller.current
    if (!element) return
    const { topPx, heightPx } = sightOf(element, headPx)
    if (index * rowPx < topPx) element.scrollTop = index * rowPx
    else if ((index + 1) * rowPx > topPx + heightPx) element.scrollTop = (index + 1) * rowPx - heightPx
  }, [])
  return { scroller, view, goToEnd, goToStart, reveal }
}

const sightOf = (element: HTMLElement, headPx: number): { topPx: number; heightPx: number } => ({ topPx: element.scrollTop, heightPx: Math.max(0, element.clientHeight - headPx) })

/** Index of the first message whose number is not smaller; they are in order. */
function nearestLine(messages: readonly Message[], line: number): number {
  let [low, high] = [0, messages.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((messages[middle]?.line ?? 0) < line) low = middle + 1
    else high = middle
  }
  return low
}

function indexOfLine(messages: readonly Message[], line: number): number {
  const index = nearestLine(messages, line)
  return messages[index]?.line === line ? index : -1
}

function sameDay(messages: readonly Message[], zone: 'utc' | 'local'): boolean {
  const [first, last] = [messages.find(({ time }) => time !== null)?.time, messages.findLast(({ time }) => time !== null)?.time]
  return first == null || last == null || date(first, zone) === date(last, zone)
}

const recordsOf = { task: 'tasks', workflow: 'workflows', agent: 'agents', object: 'objects', control: 'messages', unknown: 'messages' } as const

/** The record a message belongs to, or the message where it is of none, for the inspector. */
function show(message: Message | undefined, open: boolean): void {
  if (!message) return
  const { setRecords, select, setInspectorOpen, inspectorOpen } = workbench.getState()
  const records = message.id === null ? 'messages' : recordsOf[message.kind]
  if (!open && !inspectorOpen) return
  setRecords(records)
  select({ id: records === 'messages' ? String(message.line) : (message.id ?? ''), column: null })
  if (open) setInspectorOpen(true)
}
