import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TimeWindow } from './TimeWindow.ts'

const start = 1_784_500_000
function windowOf(open = false): TimeWindow {
  const window = new TimeWindow()
  window.widthPx = 1000
  window.setWhole(start, start + 100, open)
  return window
}

test('begins with the whole and some room, and keeps it as the whole grows', () => {
  const window = windowOf()
  expect(window.mode).toBe('fit')
  expect(window.from).toBeLessThan(start)
  expect(window.to).toBeGreaterThan(start + 100)
  expect(window.setWhole(start, start + 200, false)).toBe(true)
  expect(window.to).toBeGreaterThan(start + 200)
  expect(window.setWhole(start, start + 200, false)).toBe(false)
})

test('zooming keeps the time under the pointer where it is', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1000, noNaN: true }), fc.array(fc.double({ min: 0.9, max: 3, noNaN: true }), { minLength: 1, maxLength: 12 }), (px, factors) => {
      const window = windowOf()
      window.zoomAt(500, 4)
      for (const factor of factors) {
        const time = window.timeAt(px)
        window.zoomAt(px, factor)
        // As far as times resolve; zooming out to the whole shows the whole.
        if (window.mode === 'free' && window.span < 90) expect(Math.abs(window.timeAt(px) - time)).toBeLessThan(window.span * 0.21)
      }
    })
  )
  const window = windowOf()
  const time = window.timeAt(250)
  window.zoomAt(250, 8)
  expect(window.timeAt(250)).toBeCloseTo(time, 5)
})

test('no way leads out of what there is, nor closer than times resolve', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.record({ pan: fc.double({ min: -5000, max: 5000, noNaN: true }) }), fc.record({ at: fc.integer({ min: 0, max: 1000 }), zoom: fc.double({ min: 0.01, max: 100, noNaN: true }) })), { maxLength: 40 }), (moves) => {
      const window = windowOf()
      for (const move of moves) {
        if ('pan' in move) window.panBy(move.pan)
        else window.zoomAt(move.at, move.zoom)
        expect(window.to).toBeGreaterThan(window.from)
        expect(window.span).toBeGreaterThan(1e-5)
        expect(window.to).toBeGreaterThan(window.outer.from)
        expect(window.from).toBeLessThan(window.outer.to)
      }
    })
  )
})

test('of a run that goes on the edge is followed until it is left, and again when asked', () => {
  const window = windowOf(true)
  window.zoomAt(window.x(start + 100), 4)
  expect(window.mode).toBe('follow')
  const { span } = window
  window.setWhole(start, start + 130, true)
  expect(window.to).toBeGreaterThan(start + 130)
  expect(window.span).toBeCloseTo(span, 6)
  window.panBy(-900)
  expect(window.mode).toBe('free')
  const { from } = window
  window.setWhole(start, start + 140, true)
  expect(window.from).toBe(from)
  window.follow()
  expect(window.mode).toBe('follow')
  expect(window.to).toBeGreaterThan(start + 140)
})

test('a window beside another whole shows that whole', () => {
  const window = windowOf()
  window.show(start + 10, start + 12)
  window.setWhole(start - 5000, start - 4000, false)
  expect(window.mode).toBe('fit')
  expect(window.x(start - 4500)).toBeGreaterThan(0)
})
