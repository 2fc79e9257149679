/** Above the lanes: concurrency with its peak, gaps as events with a sentence, the axis with its zone. */
import { type HTMLAttributes, type ReactNode, type RefObject, useLayoutEffect, useState } from 'react'
import type { Gap } from '#contract/live'
import { count, counted } from '../../parts/format.ts'
import { gapLines, gapTimes, gapTitle } from '../../parts/gapWords.ts'
import { useZone } from '../../state/appearance.ts'
import { useTimelineOptions } from '../../state/timeline.ts'
import { byWord } from './barWords.ts'
import { gapEdges } from './drawGround.ts'
import { curvePx, eventsPx } from './drawHead.ts'
import type { Scene } from './Scene.ts'
import css from './Timeline.module.css'
import { useView } from './useView.ts'

export function BoardHead({ scene, gaps, hasEvents, canvas, pointer }: { scene: Scene; gaps: readonly Gap[]; hasEvents: boolean; canvas: RefObject<HTMLCanvasElement | null>; pointer: HTMLAttributes<HTMLDivElement> }): ReactNode {
  const zone = useZone()
  const [{ by, within }] = useTimelineOptions()
  const peak = useView(scene, (view) => view.peak)
  return (
    <div className={css['head']}>
      <div className={css['headNames']}>
        <div className={css['curveName']} style={{ height: curvePx }}>
          <div className="grow">
            <div className="med f12">Concurrency</div>
            <div className="f11 t3">tasks running</div>
          </div>
          <span className="f11 t2" data-testid="peak">
            {peak === null ? '' : `${count(peak)} peak`}
          </span>
        </div>
        {hasEvents && (
          <div className={css['eventsName']} style={{ height: eventsPx }}>
            <span className="f12 med grow">Events</span>
            <span className="f11 t2">{count(gaps.length)}</span>
          </div>
        )}
        <div className={css['axisName']}>
          By {byWord[by].toLowerCase()}
          {within && `, ${byWord[within].toLowerCase()}`}, {zone === 'utc' ? 'UTC' : 'local time'}
        </div>
      </div>
      <div className={css['headPlot']} {...pointer}>
        <canvas ref={canvas} className={css['headCanvas']} data-testid="timeline-head" aria-hidden="true" />
        {hasEvents && <GapSentence scene={scene} gaps={gaps} />}
      </div>
    </div>
  )
}

/** Of the latest gap in sight, beside it; it follows the window when that has come to rest. */
function GapSentence({ scene, gaps }: { scene: Scene; gaps: readonly Gap[] }): ReactNode {
  const zone = useZone()
  const settled = useView(scene, (view) => view.settled)
  const [widthPx, setWidth] = useState(0)
  useLayoutEffect(() => setWidth(scene.window.widthPx), [scene, settled])
  const inSight = gaps.filter(({ from, to }) => from <= settled.to && (to ?? scene.edge) >= settled.from)
  const gap = inSight.at(-1)
  if (!gap) return <p className={css['noGap']}>{gaps.length === 0 ? 'No gap: nothing is known to be missing' : `${counted(gaps.length, 'gap')} outside of what is in sight`}</p>
  const x = (time: number): number => ((time - settled.from) / (settled.to - settled.from)) * widthPx
  const { leftPx, rightPx } = gapEdges(gap, x, scene.edge)
  const toTheLeft = rightPx > widthPx - 240 && leftPx > 240
  return (
    <div className={css['gapSentence']} style={toTheLeft ? { right: widthPx - leftPx + 8 } : { left: Math.max(4, rightPx + 8) }} title={inSight.map((each) => gapLines(each, zone).join('\n')).join('\n\n')}>
      <div>
        <b className="med">{gapTitle(gap, zone)}</b> <span className="t2">{gapTimes(gap, zone)}</span>
      </div>
      <div className="t2">
        {gap.reason}
        {inSight.length > 1 && `; and ${counted(inSight.length - 1, 'more gap')}`}
      </div>
    </div>
  )
}
