/** The drawing: its two canvases, the heads of the lanes beside them, and what connects them with the rest of the workbench. */
import { ArrowRightToLine, CircleX, ListFilter, X, ZoomIn } from 'lucide-react'
import { type ReactNode, useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import type { Source } from '#contract/sources'
import type { Scope } from '#contract/values'
import { Button } from '../../parts/Button.tsx'
import { counted, seconds } from '../../parts/format.ts'
import { IconButton } from '../../parts/IconButton.tsx'
import { Strip } from '../../parts/Strip.tsx'
import { useZone } from '../../state/appearance.ts'
import { useTimelineOptions } from '../../state/timeline.ts'
import { workbench } from '../../state/workbench.ts'
import { at, barLines, binLines, byWord, laneName, laneWords } from './barWords.ts'
import { BarTip } from './BarTip.tsx'
import { BoardHead } from './BoardHead.tsx'
import { LaneHeads } from './LaneHeads.tsx'
import { Legend } from './Legend.tsx'
import { Scene } from './Scene.ts'
import css from './Timeline.module.css'
import type { Span } from './TimeWindow.ts'
import { useKeys } from './useKeys.ts'
import type { Lanes } from './useLanes.tsx'
import { type Hover, usePointer } from './usePointer.ts'
import { useScene } from './useScene.ts'
import { useView } from './useView.ts'

type BoardProps = { source: Source; scope: Scope; lanes: Lanes; whole: Span; knownTo: number; opened: ReadonlySet<string>; onOpened: (opened: ReadonlySet<string>) => void }

export function Board({ source, scope, lanes, whole, knownTo, opened, onOpened }: BoardProps): ReactNode {
  const [scene] = useState(() => new Scene())
  const [{ by, within }] = useTimelineOptions()
  const zone = useZone()
  const [folds, setFolds] = useState<ReadonlyMap<string, boolean>>(new Map())
  const board = useRef<HTMLDivElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const headCanvas = useRef<HTMLCanvasElement>(null)
  const lanesCanvas = useRef<HTMLCanvasElement>(null)
  const [hover, setHover] = useState<Hover | null>(null)
  const [spoken, setSpoken] = useState({ n: 0, text: '' })
  const id = useId()
  const { gaps, place, taskName, marked } = useScene(scene, { source, scope, lanes, whole, knownTo, opened, onOpened, folds })

  useLayoutEffect(() => {
    if (scroller.current && headCanvas.current && lanesCanvas.current) return scene.attach({ scroller: scroller.current, head: headCanvas.current, lanes: lanesCanvas.current })
  }, [scene])
  useEffect(() => setFolds(new Map()), [by, within])
  // What a person folds or unfolds stays so at every scale.
  const onFold = useCallback((key: string, folded: boolean) => setFolds((before) => new Map(before).set(key, folded)), [])
  const onOpen = useCallback(
    (key: string, open: boolean) => {
      const next = new Set(opened)
      if (open) next.add(key)
      else next.delete(key)
      onOpened(next)
    },
    [opened, onOpened]
  )
  const speak = useCallback(
    (text: string) => setSpoken(({ n }) => ({ n: n + 1, text })),
    []
  )
  const pointer = usePointer(scene, board, gaps, setHover)
  const onKeyDown = useKeys(scene, place, (cursor) => {
    const row = scene.rowOf(cursor.key)
    const shape = scene.shapeOf(cursor.key)
    const lines = shape?.bars && cursor.index >= 0 ? barLines(shape.bars, cursor.index, zone, scene.edge) : shape?.bins && cursor.index >= 0 ? binLines(shape.bins, cursor.index, zone) : []
    if (row) speak([laneName(row.lane, by), ...(lines.length > 0 ? lines : [laneWords(row.lane)])].join(', '))
  })
  const heightPx = useView(scene, (view) => view.heightPx)
  const nearEnd = useView(scene, (view) => view.nearEnd)
  const error = useView(scene, (view) => view.error)
  useEffect(() => {
    if (nearEnd) lanes.loadMore()
  }, [nearEnd, lanes])
  const { data } = lanes.answer
  const summary = `Timeline of ${counted(data?.timed ?? 0, 'task')} in ${counted(data?.total ?? 0, 'lane')} by ${byWord[by].toLowerCase()}${within ? `, within it by ${byWord[within].toLowerCase()}` : ''}, ${at(whole.from, zone, 0)} to ${at(whole.to, zone, 0)}`
  return (
    <div className={css['board']} ref={board} data-testid="timeline">
      {error && (
        <Strip tone="error" icon={CircleX} actions={<Button size="small" onClick={scene.retry}>Try again</Button>}>
          What is in sight could not be read: {error.message}
        </Strip>
      )}
      <BoardHead scene={scene} gaps={gaps} hasEvents={source.live !== null || gaps.length > 0} canvas={headCanvas} pointer={pointer.head} />
      <div ref={scroller} className={css['scroller']}>
        <div className={css['content']} style={{ height: heightPx }}>
          <LaneHeads scene={scene} by={by} within={within} onFold={onFold} onOpen={onOpen} more={(data?.total ?? 0) - lanes.outer.lanes.length} />
          <div
            className={css['plot']}
            data-plot=""
            role="listbox"
            tabIndex={0}
            aria-label={`${summary}. Arrow keys go from task to task, Enter shows one; there is a table of it too.`}
            aria-activedescendant={`${id}-${spoken.n}`}
            onKeyDown={onKeyDown}
            onFocus={scene.invalidate}
            onBlur={scene.invalidate}
            {...pointer.lanes}
          >
            <canvas ref={lanesCanvas} className={css['canvas']} data-testid="timeline-canvas" aria-hidden="true" />
            <span className="hidden" role="option" aria-selected={spoken.n > 0} key={spoken.n} id={`${id}-${spoken.n}`}>
              {spoken.text !== '' ? spoken.text : taskName !== null ? `${taskName} is chosen` : 'No task is chosen'}
            </span>
          </div>
        </div>
      </div>
      <RangeBar scene={scene} />
      <FollowButton scene={scene} open={source.live !== null} />
      <Legend marked={marked} hasGaps={gaps.length > 0} lanes={data?.total ?? 0} />
      {hover && <BarTip hover={hover} by={by} edge={scene.edge} marked={marked} />}
    </div>
  )
}

/** What can be done with the range that was dragged out. */
function RangeBar({ scene }: { scene: Scene }): ReactNode {
  const zone = useZone()
  const range = useView(scene, (view) => view.range)
  if (!range) return null
  const span = range.to - range.from
  const digits = span < 0.01 ? 6 : span < 60 ? 3 : 0
  const filter = (): void => {
    workbench.getState().setRange(range)
    scene.setRange(null)
  }
  const zoom = (): void => {
    scene.show(range.from, range.to)
    scene.setRange(null)
  }
  return (
    <div className={css['rangeBar']} role="group" aria-label="Chosen range">
      <span className="f12">
        {at(range.from, zone, digits)} – {at(range.to, zone, digits, range.from)} <span className="t3">{seconds(span)}</span>
      </span>
      <Button size="small" tone="primary" icon={ListFilter} onClick={filter}>
        Filter to range
      </Button>
      <Button size="small" icon={ZoomIn} onClick={zoom}>
        Zoom to it
      </Button>
      <IconButton small name="Take the range away" icon={X} onClick={() => scene.setRange(null)} />
    </div>
  )
}

/** Offered when the present moment has been left. */
function FollowButton({ scene, open }: { scene: Scene; open: boolean }): ReactNode {
  const mode = useView(scene, (view) => view.mode)
  if (!open || mode !== 'free') return null
  return (
    <Button size="small" icon={ArrowRightToLine} className={css['follow']} onClick={scene.follow}>
      Follow
    </Button>
  )
}
