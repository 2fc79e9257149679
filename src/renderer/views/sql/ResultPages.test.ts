import { expect, test } from 'vitest'
import type { Call } from '#contract/dispatch'
import { ResultPages } from './ResultPages.ts'

const rowsFrom = (from: number, count: number) => Array.from({ length: count }, (_, at) => [from + at])
const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

function pagesOf(total: number, sort: { column: number; descending: boolean }[] = []) {
  const asked: number[] = []
  const call = (async (_method: string, { limit = 0, offset = 0 }: { offset?: number; limit?: number }) => {
    asked.push(offset)
    return { ok: true, value: { rows: rowsFrom(offset, Math.min(limit, total - offset)) } }
  }) as Call
  return { asked, pages: new ResultPages(call, { sourceId: 's', resultId: 'r', total, rows: rowsFrom(0, Math.min(total, 200)) }, sort) }
}

test('what came with the answer is not asked for again', async () => {
  const { asked, pages } = pagesOf(1000)
  pages.want(0, 200)
  expect([pages.cell(0, 0), pages.cell(199, 0), asked]).toEqual([0, 199, []])
  pages.want(150, 350)
  expect(pages.cell(250, 0)).toBeUndefined()
  await settled()
  expect([pages.cell(250, 0), pages.cell(349, 0), asked]).toEqual([250, 349, [200, 300]])
})

test('the last page may be short, and nothing beyond it is asked for', async () => {
  const { asked, pages } = pagesOf(150)
  expect([pages.cell(149, 0), pages.cell(150, 0)]).toEqual([149, undefined])
  pages.want(0, 1000)
  await settled()
  expect(asked).toEqual([])
})

test('in another order every page is another', async () => {
  const { asked, pages } = pagesOf(150, [{ column: 0, descending: false }])
  expect(pages.cell(0, 0)).toBeUndefined()
  pages.want(0, 30)
  await settled()
  expect([pages.cell(0, 0), asked]).toEqual([0, [0]])
})
