/** When zooming unfolds and folds back. */
import { expect, test } from 'vitest'
import { zoomStep } from './semanticZoom.ts'

test('zooming far into a fold unfolds it, a little does not', () => {
  expect(zoomStep({ before: 1, now: 1.3, under: 'f', opened: [] })).toEqual({ unfold: null, back: [] })
  expect(zoomStep({ before: 1.3, now: 1.8, under: 'f', opened: [] })).toEqual({ unfold: 'f', back: [] })
  expect(zoomStep({ before: 1.3, now: 1.8, under: null, opened: [] })).toEqual({ unfold: null, back: [] })
})

test('the next one needs a further step', () => {
  const opened = [{ fold: 'f', zoom: 1.8 }]
  expect(zoomStep({ before: 1.8, now: 1.9, under: 'g', opened }).unfold).toBeNull()
  expect(zoomStep({ before: 1.9, now: 2.3, under: 'g', opened }).unfold).toBe('g')
})

test('zooming out folds back what was opened by zooming, the deepest first', () => {
  const opened = [
    { fold: 'f', zoom: 1.8 },
    { fold: 'g', zoom: 2.4 }
  ]
  expect(zoomStep({ before: 2.4, now: 1.3, under: 'x', opened })).toEqual({ unfold: null, back: ['g'] })
  expect(zoomStep({ before: 1.3, now: 0.8, under: null, opened: opened.slice(0, 1) })).toEqual({ unfold: null, back: ['f'] })
})
