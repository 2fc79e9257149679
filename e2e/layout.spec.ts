/** Windows of every size: nothing is out of reach, overlaps, or makes the page scroll sideways. */
import type { Locator, Page } from '@playwright/test'
import { fixture } from './fixtures.ts'
import { cell, grid, openTable } from './grid.ts'
import { expect, test } from './hosts.ts'
import { card, exportButton, filterBar, inspector, openView, problems, status, tree } from './regions.ts'

type Box = { x: number; y: number; width: number; height: number }
const sizes = [
  { width: 1920, height: 1080 },
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 880, height: 700 },
  // 1440 × 900 at 200 %.
  { width: 720, height: 450 }
]

async function boxOf(part: Locator): Promise<Box> {
  const box = await part.boundingBox()
  if (!box) throw new Error(`not shown: ${part}`)
  return box
}

async function expectInside(page: Page, parts: Locator[]): Promise<void> {
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 }
  for (const part of parts) {
    const box = await boxOf(part)
    expect(box.x, `${part}`).toBeGreaterThanOrEqual(-1)
    expect(box.x + box.width, `${part}`).toBeLessThanOrEqual(width + 1)
    expect(box.y + box.height, `${part}`).toBeLessThanOrEqual(height + 1)
  }
  const page_ = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth - window.innerWidth, tall: document.documentElement.scrollHeight - window.innerHeight }))
  expect(page_).toEqual({ wide: 0, tall: 0 })
}

async function expectApart(parts: Locator[]): Promise<void> {
  const boxes = await Promise.all(parts.map(boxOf))
  for (const [index, a] of boxes.entries()) {
    for (const [other, b] of boxes.slice(index + 1).entries()) {
      const overlap = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) > 1 && Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) > 1
      expect(overlap, `${parts[index]} over ${parts[index + 1 + other]}`).toBe(false)
    }
  }
}

for (const size of sizes) {
  test(`everything has its place at ${size.width} × ${size.height}`, async ({ workbench }) => {
    const page = await workbench.open({ sources: [fixture('05_errors')], size })
    await expect(card(page, 'Activities').getByRole('row').nth(1)).toBeVisible()
    const frame = [page.getByRole('banner'), filterBar(page), page.getByRole('tablist', { name: 'Views' }), page.getByRole('tabpanel'), status(page)]
    await expectInside(page, frame)
    await expectApart(frame)
    const cards = ['Summary', 'Activities', 'Over time', 'Slowest tasks', 'Errors', 'Data quality'].map((name) => card(page, name))
    await expectApart(cards)
    await expectApart(await filterBar(page).getByRole('button').all())
    await expectApart(await page.getByRole('banner').getByRole('button').all())
    await expect(exportButton(page)).toBeInViewport({ ratio: 1 })
    await openView(page, 'Table')
    await expect(grid(page).getByRole('gridcell').first()).toBeVisible()
    await expectInside(page, [...frame, grid(page)])
    await expectApart(frame)
    await expectApart([page.getByRole('tablist', { name: 'Views' }), page.getByRole('radiogroup', { name: 'Kind of record' }), page.getByRole('button', { name: /^Columns:/ })])
    await page.keyboard.press('Control+j')
    await expect(problems(page)).toBeVisible()
    await expectInside(page, [problems(page), status(page)])
    await expectApart([page.getByRole('tabpanel'), problems(page), status(page)])
    if (size.height >= 700) await expect(grid(page).getByRole('gridcell').first()).toBeInViewport()
    await page.keyboard.press('Control+1')
    await expectApart(cards)
  })
}

test('in a narrow window the navigator and the inspector lie over the view, and Escape closes them', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')], size: { width: 880, height: 700 } })
  await openTable(page)
  await expect(tree(page)).toBeHidden()
  await expect(inspector(page)).toBeHidden()
  const wide = (await boxOf(grid(page))).width
  await page.keyboard.press('Control+b')
  await expect(tree(page)).toBeVisible()
  expect((await boxOf(grid(page))).width).toBe(wide)
  await tree(page).getByRole('treeitem', { name: /^divide/ }).click()
  await page.keyboard.press('Escape')
  await expect(tree(page)).toBeHidden()
  await (await cell(page, 1, 'task_id')).click()
  await page.keyboard.press('Enter')
  await expect(inspector(page)).toContainText('divide')
  expect((await boxOf(grid(page))).width).toBe(wide)
  await expectInside(page, [inspector(page)])
  await inspector(page).getByRole('button', { name: /^Identity/ }).focus()
  await page.keyboard.press('Escape')
  await expect(inspector(page)).toBeHidden()
})

test('panes are resized by mouse and by key, and keep their size', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  await openTable(page)
  const edge = page.getByRole('separator', { name: 'Width of the inspector' })
  const before = (await boxOf(inspector(page))).width
  await edge.focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await expect.poll(async () => (await boxOf(inspector(page))).width).toBe(before + 32)
  const box = await boxOf(edge)
  await page.mouse.move(box.x + box.width / 2, box.y + 200)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width / 2 - 60, box.y + 200, { steps: 3 })
  await page.mouse.up()
  await expect.poll(async () => Math.abs((await boxOf(inspector(page))).width - before - 92)).toBeLessThan(3)
  const kept = (await boxOf(inspector(page))).width
  const next = await workbench.open({ sources: [fixture('05_errors')] })
  await openTable(next)
  await expect.poll(async () => (await boxOf(inspector(next))).width).toBe(kept)
})

test('many conditions fold where there is no room for them', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')], size: { width: 1024, height: 768 } })
  await expect(status(page)).toContainText('15 of 15 tasks')
  await page.getByRole('button', { name: 'Edit the filter as JSON' }).click()
  const conditions = { activity_id: { $ne: 'some_activity_with_a_name' }, status: 'ERROR', hostname: { $exists: true }, 'used.attempt': { $ne: 99 }, stderr: { $ne: null } }
  await page.getByRole('textbox', { name: 'Filter as JSON' }).fill(JSON.stringify(conditions))
  await page.getByRole('button', { name: 'Apply filter' }).click()
  await expect(status(page)).toContainText('7 of 15 tasks')
  await expectInside(page, [filterBar(page), exportButton(page)])
  const more = page.getByRole('button', { name: /^\d more conditions$/ })
  await more.click()
  await page.getByRole('dialog', { name: 'More conditions' }).getByRole('button', { name: 'Remove stderr has a value' }).click()
  await expect(page.getByRole('group', { name: 'stderr has a value' })).toHaveCount(0)
})

test('with reduced motion nothing moves by itself', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')], reducedMotion: true })
  await expect(card(page, 'Activities').getByRole('row').nth(1)).toBeVisible()
  await page.keyboard.press('Control+k')
  const moving = await page.evaluate(() => document.getAnimations().filter((animation) => animation.playState === 'running' && Number(animation.effect?.getComputedTiming().duration) > 10).length)
  expect(moving).toBe(0)
})

test('in forced colours the cursor, the selection and the chosen tab are seen', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')], forcedColors: true })
  await openTable(page)
  const first = await cell(page, 2, 'activity_id')
  await first.click()
  const seen = (part: Locator): Promise<boolean> =>
    part.evaluate((element) => {
      const style = getComputedStyle(element)
      return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || parseFloat(style.borderBottomWidth) + parseFloat(style.borderTopWidth) > 1
    })
  expect(await seen(first)).toBe(true)
  const tab = page.getByRole('tab', { selected: true })
  const differs = await tab.evaluate((element) => {
    const other = element.parentElement?.querySelector('[aria-selected=false]')
    const styleOf = (part: Element): string => [getComputedStyle(part), getComputedStyle(part, '::after')].map((style) => `${style.borderBottom} ${style.color} ${style.backgroundColor} ${style.outline} ${style.content}`).join()
    return other !== null && other !== undefined && styleOf(other) !== styleOf(element)
  })
  expect(differs).toBe(true)
})
