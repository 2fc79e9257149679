/** One lane as bars: finished grey, running hatched and open, failed red and marked, an end that was not seen dashed, waiting thin. */
import { type Frame, snap } from './Frame.ts'
import { type Bars, type BarStatus, firstReaching } from './laneShapes.ts'
import { type Row, barTop } from './laneRows.ts'

/** Bars that are drawn in one colour, as x, y, width in turn. */
type Batch = number[]
/** Narrower than this they have no outline. */
const outlinedPx = 4
const leastPx = 1.5
const markedPx = 16
/** How long a bar is of which only the beginning is known. */
const stubPx = 28

export type Batches = Record<'plain' | 'dense' | 'running' | 'error' | 'errors' | 'unseen' | 'waiting' | 'submitted' | 'other' | 'queue' | 'critical' | 'criticalOpen', Batch>
export const noBatches = (): Batches => ({ plain: [], dense: [], running: [], error: [], errors: [], unseen: [], waiting: [], submitted: [], other: [], queue: [], critical: [], criticalOpen: [] })

const batchOf: Record<BarStatus, keyof Batches> = { FINISHED: 'plain', ERROR: 'error', RUNNING: 'running', WAITING: 'waiting', SUBMITTED: 'submitted', UNKNOWN: 'other', END_NOT_SEEN: 'unseen' }

/** Draws what of a lane's bars is in sight; the number of bars drawn. `offsetPx`: how far the lanes are scrolled. */
export function drawBars(frame: Frame, row: Row, bars: Bars, offsetPx: number, critical: ReadonlySet<string>): number {
  const batches = noBatches()
  const firstLevel = Math.max(0, Math.floor((offsetPx - barTop(row, 0)) / row.pitchPx))
  const levels = Math.min(bars.levelAt.length - 1, Math.ceil((offsetPx + frame.heightPx - barTop(row, 0)) / row.pitchPx))
  let drawn = 0
  for (let level = firstLevel; level < levels; level++) drawn += gather(frame, bars, level, barTop(row, level) - offsetPx, critical, batches)
  paint(frame, batches, row.barPx)
  return drawn
}

function gather({ window, widthPx, edge, dpr }: Frame, bars: Bars, level: number, y: number, critical: ReadonlySet<string>, batches: Batches): number {
  const { from, to, pxPerSecond } = window
  const until = bars.levelAt[level + 1] as number
  let drawn = 0
  for (let index = firstReaching(bars, level, from - stubPx / pxPerSecond); index < until; index++) {
    const start = bars.start[index] as number
    const submitted = bars.submitted[index] ?? null
    if ((submitted ?? start) > to) break
    const end = Math.min(bars.end[index] as number, Math.max(edge, start))
    const x0 = snap(Math.max(-8, (start - from) * pxPerSecond), dpr)
    const x1 = snap(Math.min(widthPx + 8, (end - from) * pxPerSecond), dpr)
    if (submitted !== null) batches.queue.push(snap(Math.max(-8, (submitted - from) * pxPerSecond), dpr), y, x0)
    const id = bars.id[index] ?? null
    const status = bars.status[index] as BarStatus
    const unseenEnd = bars.endless[index] === 1 && end === start
    if (unseenEnd) {
      const next = index + 1 < until ? (bars.start[index + 1] as number) : Infinity
      batches.unseen.push(x0, y, Math.max(3, Math.min(stubPx, (Math.min(next, Math.max(start, edge)) - start) * pxPerSecond - 2)))
      drawn++
      if (status !== 'ERROR') continue
    }
    const merged = (bars.count[index] as number) > 1
    const batch = id !== null && critical.has(id) ? (bars.end[index] === Infinity ? 'criticalOpen' : 'critical') : merged && status === 'ERROR' ? 'errors' : merged && status === 'FINISHED' ? 'dense' : batchOf[status]
    batches[batch].push(x0, y, Math.max(unseenEnd ? 4 : status === 'ERROR' ? 2 : leastPx, x1 - x0))
    if (!unseenEnd) drawn++
  }
  return drawn
}

function paint(frame: Frame, batches: Batches, barPx: number): void {
  const { context, inks } = frame
  // What waits lies below what runs.
  context.fillStyle = inks['line-3']
  each(batches.queue, (x, y, x1) => {
    const middle = y + Math.floor(barPx / 2)
    context.fillRect(x, middle, Math.max(0, x1 - x), 1)
    context.fillRect(x, middle - 2, 1, 5)
  })
  solid(frame, batches.plain, barPx, inks.bar, inks['bar-2'])
  // A little denser: several in one.
  solid(frame, batches.dense, barPx, inks.hist, inks['bar-2'])
  solid(frame, batches.other, barPx, inks.content, inks['unk-fill'])
  thin(frame, batches.waiting, barPx, inks['wait-fill'])
  thin(frame, batches.submitted, barPx, inks['sub-fill'])
  pointed(frame, batches.running, barPx, inks.running, inks['run-fill'])
  unseen(frame, batches.unseen, barPx)
  solid(frame, [...batches.error, ...batches.errors], barPx, inks['err-fill'], inks['err'])
  if (barPx >= 10) each(batches.error, (x, y, width) => width >= markedPx && errorMark(frame, x + 3, y + barPx / 2 - 5))
  solid(frame, batches.critical, barPx, inks.accent, inks.accent)
  pointed(frame, batches.criticalOpen, barPx, inks.accent, inks.accent)
}

function each(batch: Batch, draw: (x: number, y: number, third: number) => void): void {
  for (let at = 0; at < batch.length; at += 3) draw(batch[at] as number, batch[at + 1] as number, batch[at + 2] as number)
}

/** The outline first and the inside upon it: rectangles are far quicker than paths. Corners are cut by a pixel. */
function solid({ context, dpr }: Frame, batch: Batch, barPx: number, fill: string, line: string): void {
  const hair = 1 / dpr
  const wide = barPx >= 7
  context.fillStyle = line
  each(batch, (x, y, width) => {
    if (width < outlinedPx) return
    if (!wide) return context.fillRect(x, y, width, barPx)
    context.fillRect(x + 1, y, width - 2, barPx)
    context.fillRect(x, y + 1, width, barPx - 2)
  })
  context.fillStyle = fill
  each(batch, (x, y, width) => {
    if (width < outlinedPx) context.fillRect(x, y, width, barPx)
    else context.fillRect(x + hair, y + hair, width - 2 * hair, barPx - 2 * hair)
  })
}

function thin({ context }: Frame, batch: Batch, barPx: number, fill: string): void {
  context.fillStyle = fill
  const height = Math.max(2, Math.round(barPx / 3))
  each(batch, (x, y, width) => context.fillRect(x, y + Math.floor((barPx - height) / 2), width, height))
}

/** Open at its end: a point that moves with the clock. */
function pointed({ context }: Frame, batch: Batch, barPx: number, fill: string | CanvasPattern, line: string): void {
  if (batch.length === 0) return
  context.beginPath()
  each(batch, (x, y, width) => {
    const point = Math.min(5, width / 2)
    context.moveTo(x, y)
    context.lineTo(x + width - point, y)
    context.lineTo(x + width, y + barPx / 2)
    context.lineTo(x + width - point, y + barPx)
    context.lineTo(x, y + barPx)
    context.closePath()
  })
  context.fillStyle = fill
  context.fill()
  context.strokeStyle = line
  context.lineWidth = 1
  context.stroke()
}

function unseen({ context, inks }: Frame, batch: Batch, barPx: number): void {
  if (batch.length === 0) return
  context.fillStyle = inks.content
  each(batch, (x, y, width) => context.fillRect(x, y, width, barPx))
  context.setLineDash([3, 2])
  context.strokeStyle = inks['text-2']
  context.lineWidth = 1
  context.beginPath()
  each(batch, (x, y, width) => {
    context.moveTo(x + width, y + 0.5)
    context.lineTo(x + 0.5, y + 0.5)
    context.lineTo(x + 0.5, y + barPx - 0.5)
    context.lineTo(x + width, y + barPx - 0.5)
  })
  context.stroke()
  context.setLineDash([])
}

/** The octagon with a cross of StatusMark, 10 px high. */
export function errorMark({ context, inks }: Pick<Frame, 'context' | 'inks'>, x: number, y: number): void {
  context.save()
  context.translate(x, y)
  context.scale(10 / 12, 10 / 12)
  context.fillStyle = inks.err
  context.fill(octagon)
  context.strokeStyle = inks.content
  context.lineWidth = 1.5
  context.stroke(cross)
  context.restore()
}
const octagon = new Path2D('M3.6.8h4.8l2.8 2.8v4.8l-2.8 2.8H3.6L.8 8.4V3.6z')
const cross = new Path2D('M4.2 4.2l3.6 3.6M7.8 4.2L4.2 7.8')
