/** Tells the drawing what the workbench knows: the question, the answers, the selection, the critical path, gaps, theme. */
import { useEffect, useMemo, useRef } from 'react'
import type { Result } from '#contract/methods'
import type { Source } from '#contract/sources'
import type { LaneBy } from '#contract/timeline'
import type { Scope } from '#contract/values'
import { useMedia, useMoreContrast, useResolvedTheme, useStill, useZone } from '../../state/appearance.ts'
import { frozenAt, isAttached } from '../../state/liveSource.ts'
import { useCall } from '../../state/query.ts'
import { useEngine } from '../../state/sources.ts'
import { useTimelineOptions } from '../../state/timeline.ts'
import { useGaps } from '../../state/useGaps.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import type { Place } from './PlaceBook.ts'
import type { Scene } from './Scene.ts'
import type { Span } from './TimeWindow.ts'
import type { Lanes } from './useLanes.tsx'
import { useView } from './useView.ts'

type Given = { source: Source; scope: Scope; lanes: Lanes; whole: Span; knownTo: number; opened: ReadonlySet<string>; onOpened: (opened: ReadonlySet<string>) => void; folds: ReadonlyMap<string, boolean> }
type CriticalStep = Result<'critical.path'>['path'][number]

/** Steps of the path that are drawn; further ones are told in the inspector, page by page. */
const mostSteps = 1000
const none: readonly CriticalStep[] = []

export function useScene(scene: Scene, { source, scope, lanes, whole, knownTo, opened, onOpened, folds }: Given) {
  const { sourceId, revision, live, state } = source
  const [{ by, within, critical, inferred }] = useTimelineOptions()
  const gaps = useGaps(source)
  const moment = useWorkbench((s) => s.moment)
  const selected = useWorkbench((s) => (s.records === 'tasks' ? (s.selection?.id ?? null) : null))
  const epoch = useEngine((s) => s.epoch)
  const isFrozen = live ? frozenAt(live) : null
  const isOpen = live !== null && moment === null && (isAttached(live) || isFrozen !== null)
  useKnown(scene, { source, whole, knownTo, moment, isOpen, isFrozen })

  useEffect(() => {
    scene.ask({ sourceId, scope, by, within, version: `${epoch}:${revision}:${moment}`, restMs: (tookMs) => (live ? Math.max(1000, 10 * tookMs) : state === 'reading' ? Math.max(2000, 6 * tookMs) : 700) })
  }, [scene, sourceId, scope, by, within, epoch, revision, moment, live === null, state])

  const { outer, inner } = lanes
  useEffect(() => scene.take(outer, inner, { folds, opened }), [scene, outer, inner, folds, opened])

  const path = useCall('critical.path', critical ? { sourceId, scope, inferred, limit: mostSteps } : null)
  const steps = critical ? (path.data?.path ?? none) : none
  const placed = useCall('timeline.place', selected === null ? null : { sourceId, scope, by, within, taskId: selected })
  const place: Place | null = selected === null || !placed.current ? null : (placed.data?.place ?? null)
  useEffect(() => scene.mark({ steps, taskId: selected, place }), [scene, steps, selected, place])
  useReveal(scene, { selected, place, lanes, opened, onOpened })
  const marked = useMemo(() => new Set(steps.map(({ taskId }) => taskId)), [steps])
  useWindowInAddress(scene, by, within)
  return { gaps, place, taskName: selected, marked }
}

/** A link shows the same window; where the whole is shown it says nothing of it. */
function useWindowInAddress(scene: Scene, by: LaneBy, within: LaneBy | null): void {
  const asked = useWorkbench((s) => s.lanes?.window ?? null)
  const written = useRef<Span | null>(null)
  const isKnown = useView(scene, (view) => view.rows.length > 0)
  const settled = useView(scene, (view) => view.settled)
  const mode = useView(scene, (view) => view.mode)
  useEffect(() => {
    // What this view wrote itself is there already.
    if (!isKnown || asked === null || (asked.from === written.current?.from && asked.to === written.current.to)) return
    written.current = asked
    scene.show(asked.from, asked.to)
  }, [scene, asked, isKnown])
  useEffect(() => {
    if (!isKnown) return
    // As it is now: a window that was just asked for has not been told yet.
    const { from, to, mode } = scene.window
    const window = mode === 'free' ? { from, to } : null
    const { lanes, setLanes } = workbench.getState()
    if (lanes === null ? window === null : lanes.window?.from === window?.from && lanes.window?.to === window?.to) return
    written.current = window
    setLanes({ by, within, window })
  }, [scene, by, within, settled, mode, isKnown])
}

type KnownGiven = Pick<Given, 'source' | 'whole' | 'knownTo'> & { moment: number | null; isOpen: boolean; isFrozen: number | null }

function useKnown(scene: Scene, { source, whole, knownTo, moment, isOpen, isFrozen }: KnownGiven): void {
  const gaps = useGaps(source)
  const zone = useZone()
  const theme = useResolvedTheme()
  const isForced = useMedia('(forced-colors: active)')
  const contrast = useMoreContrast()
  const isStill = useStill()
  const { from, to } = whole
  const hasEvents = source.live !== null || gaps.length > 0
  useEffect(() => {
    // The theme's tokens lie on the document before this effect runs: it is set by a parent's effect of the same render.
    const task = requestAnimationFrame(() => scene.know({ whole: { from, to }, knownTo, open: isOpen, frozenAt: isFrozen, moment, gaps, hasEvents, zone, isForced, theme: `${theme} ${contrast}`, isStill }))
    return () => cancelAnimationFrame(task)
  }, [scene, from, to, knownTo, isOpen, isFrozen, moment, gaps, hasEvents, zone, isForced, theme, contrast, isStill])
}

/** A task that is chosen somewhere comes into sight, once; what is in sight already stays where it is. */
function useReveal(scene: Scene, { selected, place, lanes, opened, onOpened }: { selected: string | null; place: Place | null; lanes: Lanes; opened: ReadonlySet<string>; onOpened: (opened: ReadonlySet<string>) => void }): void {
  const revealed = useRef<string | null>(null)
  useEffect(() => {
    if (selected === null) revealed.current = null
    if (selected === null || !place || revealed.current === selected) return
    const [outerKey, innerKey] = place.lanes
    const outer = lanes.outer.lanes.find(({ key }) => key === outerKey)
    // Lanes further down come page by page.
    if (!outer) return lanes.loadMore()
    if (innerKey !== undefined && outer.hasLanes && !opened.has(outer.key)) return onOpened(new Set(opened).add(outer.key))
    const row = scene.rowOf(innerKey ?? outerKey ?? '')
    if (!row) return
    revealed.current = selected
    scene.reveal(row, place.level)
    scene.revealTime(place.start, place.end ?? Infinity)
  }, [scene, selected, place, lanes, opened, onOpened])
}
