/** Time travel: the source as it was known at a moment, in every view, by slider, field, keys and address. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { Packr } from 'msgpackr'
import { expectAccessible } from './accessible.ts'
import { fixture } from './fixtures.ts'
import { cellsOf, openTable } from './grid.ts'
import { expect, test, type Workbench } from './hosts.ts'
import { card, expectCounts, inspector, openView, status } from './regions.ts'
import { publish, useRedis } from './servers.ts'

const strip = (page: Page): Locator => page.getByRole('group', { name: 'Time travel' })
const slider = (page: Page): Locator => strip(page).getByRole('slider', { name: 'Moment shown' })
const known = (page: Page): Locator => page.getByTestId('known-count')
const field = (page: Page): Locator => strip(page).getByRole('textbox', { name: /^Moment/ })

async function goTo(page: Page, moment: string): Promise<void> {
  await field(page).fill(moment)
  await field(page).press('Enter')
}

/** Three tasks, each told of twice; and one that failed. */
const start = Date.UTC(2026, 0, 2, 3, 0, 0) / 1000
const lines = [0, 10, 20].flatMap((second, n) => [
  { type: 'task', task_id: `t${n}`, activity_id: 'fit', workflow_id: 'w', campaign_id: 'c', status: 'RUNNING', started_at: start + second, used: { n } },
  { type: 'task', task_id: `t${n}`, activity_id: 'fit', workflow_id: 'w', campaign_id: 'c', status: n === 2 ? 'ERROR' : 'FINISHED', started_at: start + second, ended_at: start + second + 15, generated: { y: n } }
])

async function openRun(workbench: Workbench): Promise<Page> {
  const path = join(workbench.folder, 'run.jsonl')
  await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const page = await workbench.open({ sources: [path] })
  await expectCounts(page, 3, 3)
  await openTable(page)
  return page
}

test('at a moment the table, the overview and the counts show what was known by then', async ({ workbench }) => {
  const page = await openRun(workbench)
  await page.keyboard.press('t')
  await expect(known(page)).toContainText('6 of 6 messages')
  await goTo(page, '2026-01-02 03:00:16')
  await expect(known(page)).toContainText('3 of 6 messages')
  await expect(await cellsOf(page, 'status')).toHaveText(['Finished', 'Running'])
  await expectCounts(page, 2, 2)
  await openView(page, 'Overview')
  await expect(card(page, 'Summary')).toContainText('Running')
  await expect(card(page, 'Summary').getByRole('button', { name: /Error/ })).toHaveCount(0)
  await page.keyboard.press('t')
  await expect(strip(page)).toBeHidden()
  await expectCounts(page, 3, 3)
  await expect(card(page, 'Summary').getByRole('button', { name: /Error/ })).toBeVisible()
})

test('a task is inspected as it was; one not known yet is said to be so', async ({ workbench }) => {
  const page = await openRun(workbench)
  await page.getByRole('grid').getByText('t1', { exact: true }).click()
  await expect(inspector(page)).toContainText('Finished')
  await page.keyboard.press('t')
  await goTo(page, '2026-01-02 03:00:20')
  await expect(inspector(page)).toContainText('Running')
  await goTo(page, '2026-01-02 03:00:05')
  await expect(inspector(page)).toContainText('was not known at this moment')
})

test('the slider is moved by keys and by pointer, and the moment stands in the address', async ({ workbench }) => {
  const page = await openRun(workbench)
  await page.getByRole('button', { name: 'Travel in time' }).click()
  await slider(page).focus()
  await page.keyboard.press('Home')
  await expect(field(page)).toHaveValue('2026-01-02 03:00:00.000')
  await expect(known(page)).toContainText('1 of 6')
  await page.keyboard.press('End')
  await expect(known(page)).toContainText('6 of 6')
  const box = await slider(page).boundingBox()
  await slider(page).click({ position: { x: (box?.width ?? 0) * 0.6, y: 12 } })
  await expect(known(page)).toContainText('4 of 6')
  const address = page.url()
  expect(address).toContain('moment=')
  await strip(page).getByRole('button', { name: 'Where less was known' }).click()
  await expect(known(page)).toContainText('3 of 6')
  await strip(page).getByRole('button', { name: 'Back to now' }).click()
  await expect(strip(page)).toBeHidden()
  await page.evaluate((hash) => (window.location.hash = hash), new URL(address).hash)
  await expect(known(page)).toContainText('4 of 6')
  await expectAccessible(page, 'while travelling')
})

test('what is no time is said to be none, and the moment stays', async ({ workbench }) => {
  const page = await openRun(workbench)
  await page.keyboard.press('t')
  await expect(known(page)).toContainText('6 of 6')
  await field(page).fill('soon')
  await expect(field(page)).toHaveAttribute('aria-invalid', 'true')
  await field(page).press('Escape')
  await expect(field(page)).toHaveValue('2026-01-02 03:00:35.000')
})

test('playing goes from the first moment to the last', async ({ workbench }) => {
  const page = await openRun(workbench)
  await page.keyboard.press('t')
  await strip(page).getByRole('button', { name: 'Play the run' }).click()
  await expect(known(page)).not.toContainText('6 of 6')
  await strip(page).getByRole('button', { name: 'Stop playing' }).click()
})

test('a buffer whose cycles of parents and late messages are odd is shown at its moments too', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('11_status_updates')], theme: 'dark', size: { width: 1024, height: 768 } })
  await expect(status(page)).toContainText('16 of 16 tasks')
  await page.keyboard.press('t')
  await slider(page).focus()
  await page.keyboard.press('Home')
  await expect(known(page)).not.toContainText('39 of 39')
  for (const view of ['Table', 'Overview']) await openView(page, view)
  await expectAccessible(page, 'while travelling')
})

test.describe('live', () => {
  const redis = useRedis()
  test('a run that goes on is shown as it was, by when its messages came', async ({ workbench }) => {
    const channel = `moments_${process.pid}`
    const packr = new Packr({ useRecords: false })
    const page = await workbench.open({ sources: [`${redis().url}/0/${channel}`] })
    await expect(page.getByRole('group', { name: 'Live', exact: true })).toContainText('Live')
    const send = (...docs: object[]): Promise<void> => publish(redis(), docs.map((doc) => ({ channel, payload: packr.pack(doc) as Buffer })))
    await send(lines[0] ?? {})
    await expect(status(page)).toContainText('1 task received')
    await openTable(page)
    await page.keyboard.press('t')
    await expect(known(page)).toContainText('1 of 1')
    await send(...lines.slice(1))
    await expect(known(page)).toContainText('1 of 6')
    await expect(await cellsOf(page, 'status')).toHaveText(['Running'])
    await page.keyboard.press('t')
    await expect(await cellsOf(page, 'status')).toHaveText(['Finished', 'Finished', 'Error'])
  })
})
