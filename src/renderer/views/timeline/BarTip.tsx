/** What is under the pointer, in exact figures. */
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import type { LaneBy } from '#contract/timeline'
import { gapLines } from '../../parts/gapWords.ts'
import { useZone } from '../../state/appearance.ts'
import { barLines, binLines, laneName } from './barWords.ts'
import css from './Timeline.module.css'
import type { Hover } from './usePointer.ts'

export function BarTip({ hover: { hit, x, y }, by, edge, marked }: { hover: Hover; by: LaneBy; edge: number; marked: ReadonlySet<string> }): ReactNode {
  const zone = useZone()
  const tip = useRef<HTMLDivElement>(null)
  const [size, setSize] = useState({ width: 260, height: 80 })
  const lines = hit.kind === 'gap' ? gapLines(hit.gap, zone) : hit.kind === 'bin' ? binLines(hit.bins, hit.index, zone) : barLines(hit.bars, hit.index, zone, edge)
  const id = hit.kind === 'bar' ? (hit.bars.id[hit.index] ?? null) : null
  useLayoutEffect(() => {
    const box = tip.current?.getBoundingClientRect()
    if (box) setSize((before) => (before.width === box.width && before.height === box.height ? before : { width: box.width, height: box.height }))
  }, [hit])
  const left = x + 14 + size.width > window.innerWidth ? x - 14 - size.width : x + 14
  const top = y + 16 + size.height > window.innerHeight ? y - 10 - size.height : y + 16
  return (
    <div ref={tip} role="tooltip" className={css['tip']} style={{ left, top }}>
      {hit.kind !== 'gap' && <div className="med">{laneName(hit.row.lane, by)}</div>}
      {lines.map((line, index) => (
        <div key={line} className={line === id ? 'mono t3' : index === 0 ? undefined : 't2'}>
          {line}
        </div>
      ))}
      {id !== null && marked.has(id) && <div className="acc">On the critical path</div>}
    </div>
  )
}
