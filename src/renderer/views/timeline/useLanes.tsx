/** The lanes, page by page as they are scrolled to, and inner lanes of those that are opened; kept up to date like any question. */
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import type { Result } from '#contract/methods'
import type { Lane, LaneBy } from '#contract/timeline'
import type { Scope } from '#contract/values'
import { type Answer, useCall } from '../../state/query.ts'
import type { LaneSort } from '../../state/timeline.ts'
import type { LaneList } from './laneRows.ts'

export type LanesQuestion = { sourceId: string; scope: Scope; by: LaneBy; within: LaneBy | null; sort: LaneSort }
type LanesAnswer = Result<'timeline.lanes'>

const pageLanes = 200
const none: Record<string, LaneList> = {}

export type Lanes = {
  /** Of the first page: what is true of all of them stands in it. */
  answer: Answer<LanesAnswer>
  outer: LaneList
  inner: ReadonlyMap<string, LaneList>
  loadMore: () => void
  /** Components that ask for the further pages; they draw nothing. */
  askers: ReactNode
}

export function useLanes(question: LanesQuestion, opened: ReadonlySet<string>): Lanes {
  const answer = useCall('timeline.lanes', { ...question, limit: pageLanes })
  // Pages and inner lanes of another question are not these.
  const key = JSON.stringify(question)
  const [more, setMore] = useState({ key, pages: 0, lists: none })
  const current = more.key === key ? more : { key, pages: 0, lists: none }
  const put = useCallback((id: string, list: LaneList) => setMore((before) => ({ ...(before.key === key ? before : { key, pages: 0 }), lists: { ...(before.key === key ? before.lists : none), [id]: list } })), [key])
  const outer = useMemo((): LaneList => {
    const lanes: Lane[] = [...(answer.data?.lanes ?? [])]
    for (let page = 1; page <= current.pages; page++) lanes.push(...(current.lists[`page ${page}`]?.lanes ?? []))
    return { lanes: unique(lanes), total: answer.data?.total ?? 0 }
  }, [answer.data, current.lists, current.pages])
  const inner = useMemo(() => new Map(Object.entries(current.lists).flatMap(([id, list]) => (id.startsWith('in ') ? [[id.slice(3), list] as const] : []))), [current.lists])
  const canLoad = outer.lanes.length < outer.total && outer.lanes.length >= pageLanes * (current.pages + 1)
  const loadMore = useCallback(() => {
    if (canLoad) setMore((before) => (before.key === key ? { ...before, pages: before.pages + 1 } : { key, pages: 1, lists: none }))
  }, [canLoad, key])
  const pages = Array.from({ length: current.pages }, (_, index) => index + 1)
  const parents = question.within === null ? [] : outer.lanes.filter((lane) => lane.hasLanes && opened.has(lane.key))
  const askers = (
    <>
      {pages.map((page) => (
        <Page key={`${key} ${page}`} question={question} parent={null} page={page} id={`page ${page}`} onLanes={put} />
      ))}
      {parents.map((lane) => (
        <Inner key={`${key} ${lane.key}`} question={question} parent={lane.key} onLanes={put} />
      ))}
    </>
  )
  return { answer, outer, inner, loadMore, askers }
}

type AskerProps = { question: LanesQuestion; parent: string | null; onLanes: (id: string, list: LaneList) => void }

function Page({ question, parent, page, id, onLanes }: AskerProps & { page: number; id: string }): null {
  const { data, current } = useCall('timeline.lanes', { ...question, parent, offset: page * pageLanes, limit: pageLanes })
  useEffect(() => {
    if (data && current) onLanes(id, { lanes: data.lanes, total: data.total })
  }, [data, current, id, onLanes])
  return null
}

/** All inner lanes of one: as many as there are, a page after the other. */
function Inner({ question, parent, onLanes }: AskerProps & { parent: string }): ReactNode {
  const [lists, setLists] = useState<Record<string, LaneList>>({})
  const put = useCallback((id: string, list: LaneList) => setLists((before) => ({ ...before, [id]: list })), [])
  const total = lists['0']?.total ?? 0
  const pages = Math.max(1, Math.ceil(total / pageLanes))
  useEffect(() => {
    if (lists['0']) onLanes(`in ${parent}`, { lanes: unique(Array.from({ length: pages }, (_, page) => lists[String(page)]?.lanes ?? []).flat()), total })
  }, [lists, pages, total, parent, onLanes])
  return Array.from({ length: pages }, (_, page) => <Page key={page} question={question} parent={parent} page={page} id={String(page)} onLanes={put} />)
}

/** Pages that are asked for one after the other may overlap where lanes have moved meanwhile. */
function unique(lanes: Lane[]): Lane[] {
  const seen = new Set<string>()
  return lanes.filter(({ key }) => !seen.has(key) && seen.add(key))
}
