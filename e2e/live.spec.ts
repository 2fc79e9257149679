/** A live source on the page: rows come by themselves, wait while it is paused, and what was missed is dated, counted and drawn. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { Packr } from 'msgpackr'
import { expectAccessible } from './accessible.ts'
import { cell, cellsOf, columnNames, grid, header, openTable, row } from './grid.ts'
import { expect, test, type Workbench } from './hosts.ts'
import { card, expectCounts, grouped, inspector, openView, problems, sourceRow, status, tree } from './regions.ts'
import { publish, useRedis } from './servers.ts'

type Doc = Record<string, unknown>
const packr = new Packr({ useRecords: false })
const redis = useRedis()
let made = 0
/** Of one test: what it sends reaches no other. */
let channel = ''
test.beforeEach(() => {
  channel = `live_${process.pid}_${Date.now().toString(36)}`
  made = 0
})

const nowSeconds = (): number => Date.now() / 1000
const strip = (page: Page): Locator => page.getByRole('group', { name: 'Live', exact: true })
const stream = (page: Page): Locator => page.getByRole('grid', { name: /^Messages/ })
const messageRows = (page: Page): Locator => stream(page).locator('[data-line]')
const jump = (page: Page): Locator => page.getByRole('button', { name: /^Jump to latest/ })
const ledger = (page: Page): Locator => page.getByRole('table', { name: 'Gaps' })

function task(more: Doc = {}): Doc {
  const n = ++made
  const at = nowSeconds()
  return { type: 'task', task_id: `t${String(n).padStart(5, '0')}`, activity_id: n % 3 === 0 ? 'fit_model' : 'load_block', workflow_id: 'w1', campaign_id: 'c1', hostname: `nid0${n % 2}`, used: { n }, generated: { half: n / 2 }, started_at: at - 2, ended_at: at, status: 'FINISHED', ...more }
}
/** Without an end, as a producer tells that it has begun. */
function running(more: Doc = {}): Doc {
  const { ended_at: _, generated: __, ...begun } = task({ status: 'RUNNING' })
  return { ...begun, ...more }
}
const tasks = (n: number, more: Doc = {}): Doc[] => Array.from({ length: n }, () => task(more))
const send = (...docs: Doc[]): Promise<void> => publish(redis(), docs.map((doc) => ({ channel, payload: packr.pack(doc) as Buffer })))
const address = (): string => `${redis().url}/0/${channel}`

async function attach(workbench: Workbench, more: Parameters<Workbench['open']>[0] = {}): Promise<Page> {
  const page = await workbench.open({ ...more, sources: [address()] })
  await expect(strip(page)).toContainText('Live')
  return page
}
const received = (page: Page, n: number): Promise<void> => expect(status(page)).toContainText(`${grouped(n)} ${n === 1 ? 'task' : 'tasks'} received`)
const lineNumbers = (page: Page): Promise<string[]> => messageRows(page).evaluateAll((rows) => rows.map((one) => one.getAttribute('data-line') ?? ''))

test('rows appear in every view as they come; before that it says what is not to be expected', async ({ workbench }) => {
  const page = await attach(workbench)
  await expect(page.getByRole('tabpanel')).toContainText(/Nothing has arrived since \d\d:\d\d:\d\d/)
  await expect(page.getByRole('tabpanel')).toContainText('What was sent before is not replayed')
  await send(...tasks(12))
  await received(page, 12)
  await expect(card(page, 'Activities').getByRole('row', { name: /load_block/ })).toContainText('8')
  await expect(tree(page).getByRole('treeitem', { name: /c1/ })).toContainText('12')
  await expect(sourceRow(page, 'redis://127.0.0.1')).toContainText('12')
  await openTable(page)
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '13')
  await send(...tasks(5))
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '18')
  await expect(await cell(page, 17, 'task_id')).toHaveText('t00017')
  await expect(tree(page).getByRole('treeitem', { name: /c1/ })).toContainText('17')
  await openView(page, 'Stream')
  await expect(messageRows(page).last()).toContainText('t00017')
  await send(task())
  await expect(messageRows(page).last()).toContainText('t00018')
})

test('paused, messages go on arriving and are counted; resumed, all of them are shown', async ({ workbench }) => {
  const page = await attach(workbench)
  await send(...tasks(10))
  await received(page, 10)
  await page.keyboard.press('Space')
  await expect(strip(page)).toContainText(/Paused at \d\d:\d\d:\d\d\.\d/)
  await send(...tasks(66))
  await expect(strip(page).getByRole('button', { name: 'Resume 66 waiting' })).toBeVisible()
  await expect(status(page)).toContainText('66 messages waiting')
  await received(page, 10)
  await expect(page.getByTestId('live')).toContainText(/paused/)
  await page.getByRole('button', { name: 'Show or hide the inspector' }).or(page.getByRole('button', { name: 'Inspector' })).first().click()
  await expect(inspector(page)).toContainText('Run as of')
  await strip(page).getByRole('button', { name: /^Resume/ }).click()
  await received(page, 76)
  await expect(strip(page)).toContainText('Live')
  await expect(inspector(page)).toContainText('Run now')
})

test('the stream follows; scrolled away it stays and counts; nothing between is skipped', async ({ workbench }) => {
  const page = await attach(workbench)
  await send(...tasks(300))
  await received(page, 300)
  await openView(page, 'Stream')
  await expect(messageRows(page).last()).toContainText('t00300')
  await send(...tasks(50))
  await expect(messageRows(page).last()).toContainText('t00350')
  await stream(page).hover()
  await page.mouse.wheel(0, -1500)
  await expect(jump(page)).toBeVisible()
  const before = await lineNumbers(page)
  await send(...tasks(40))
  await expect(jump(page)).toHaveText(/Jump to latest · 40 new/)
  expect(await lineNumbers(page)).toEqual(before)
  await expect(page.getByRole('button', { name: 'Follow', exact: true })).toBeVisible()
  await stream(page).focus()
  await page.keyboard.press('End')
  await expect(messageRows(page).last()).toContainText('t00390')
  await expect(jump(page)).toBeHidden()
  await send(task())
  await expect(messageRows(page).last()).toContainText('t00391')
  // To the first one, which is not among those that are here.
  await stream(page).focus()
  await page.keyboard.press('Home')
  await expect(stream(page).getByText('t00001', { exact: true })).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await expect(stream(page).locator('[aria-selected=true]')).toContainText('t00002')
  await page.keyboard.press('Enter')
  await expect(inspector(page)).toContainText('t00002')
})

test('a filter holds for what comes, in the table and in the stream', async ({ workbench }) => {
  const page = await attach(workbench)
  await send(...tasks(9))
  await received(page, 9)
  await tree(page).getByRole('treeitem', { name: /c1/ }).click()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('status = ERROR')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('tabpanel')).toContainText('No task matches')
  await send(task({ status: 'ERROR', stderr: 'boom' }), task(), task({ status: 'ERROR', stderr: 'again' }))
  await expect(status(page)).toContainText('2 of 12 tasks received')
  await openTable(page)
  await expect(await cellsOf(page, 'task_id')).toHaveText(['t00010', 't00012'])
  await openView(page, 'Stream')
  await expect(messageRows(page)).toHaveCount(2)
  await send(task(), task({ status: 'ERROR' }))
  await expect(messageRows(page)).toHaveCount(3)
  await expect(messageRows(page).last()).toContainText('t00014')
})

test('where rows are pushed down by newer ones, what is seen and what is selected stay where they are', async ({ workbench }) => {
  const page = await attach(workbench)
  await send(...Array.from({ length: 200 }, (_, index) => task({ started_at: 1_784_500_000 + index, ended_at: 1_784_500_001 + index })))
  await received(page, 200)
  await openTable(page)
  const head = header(page, 'started_at').getByText('started_at', { exact: true })
  await head.click()
  await expect(header(page, 'started_at')).toHaveAttribute('aria-sort', 'ascending')
  await head.click()
  await expect(await cell(page, 1, 'task_id')).toHaveText('t00200')
  await (await cell(page, 4, 'task_id')).click()
  await expect(inspector(page)).toContainText('t00197')
  // At the upper edge newer rows come into sight; the selection goes with its record.
  await send(...Array.from({ length: 3 }, (_, index) => task({ started_at: 1_784_501_000 + index, ended_at: 1_784_501_001 + index })))
  await expect(await cell(page, 1, 'task_id')).toHaveText('t00203')
  await expect(row(page, 7)).toHaveAttribute('data-cursor', 'true')
  await expect(row(page, 7)).toContainText('t00197')
  // Further down nothing moves.
  await grid(page).evaluate((element) => (element.scrollTop = 28 * 100))
  const at = async (id: string): Promise<number> => Math.round((await grid(page).getByText(id, { exact: true }).boundingBox())?.y ?? NaN)
  await expect(grid(page).getByText('t00095', { exact: true })).toBeVisible()
  const y = await at('t00095')
  await send(...Array.from({ length: 40 }, (_, index) => task({ started_at: 1_784_502_000 + index, ended_at: 1_784_502_001 + index })))
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '244')
  await expect.poll(() => at('t00095')).toBe(y)
  await expect(inspector(page)).toContainText('t00197')
})

test('a Redis that goes away: said at once, tried again, the gap dated, drawn, listed and named in exports', async ({ workbench }) => {
  test.slow()
  const page = await attach(workbench)
  await send(...tasks(20))
  await received(page, 20)
  await redis().kill()
  await expect(strip(page)).toContainText(/Not connected since \d\d:\d\d:\d\d, trying again/)
  await expect(status(page)).toContainText('Not connected')
  await redis().start()
  await expect(strip(page)).toContainText('Live')
  await send(...tasks(20))
  await received(page, 40)
  await expect(status(page)).toContainText('1 gap')
  await expect(page.getByTestId('gap-band')).toHaveCount(1)
  await expect(card(page, 'Over time')).toContainText(/Gap of/)
  await status(page).getByRole('button', { name: /^1 gap/ }).click()
  await expect(ledger(page).getByRole('row')).toHaveCount(2)
  await expect(ledger(page).getByRole('row').nth(1)).toContainText('unknown')
  await expect(ledger(page).getByRole('row').nth(1)).toContainText('Not yet')
  await expect(problems(page).getByRole('button', { name: 'Fill from a file…' })).toBeVisible()
  await page.keyboard.press('Control+e')
  await expect(page.getByRole('dialog', { name: 'Export as CSV' })).toContainText('1 gap: stamped into the export')
})

test('a gap is filled from a file of the same run: only what is missing comes, and the ledger says from where', async ({ workbench }) => {
  test.slow()
  test.skip(workbench.host === 'desktop', 'The desktop asks for files in a dialog of the system.')
  const page = await attach(workbench)
  const before = tasks(10)
  await send(...before)
  await received(page, 10)
  await redis().kill()
  await expect(strip(page)).toContainText('Not connected')
  const missed = tasks(7)
  await redis().start()
  await expect(strip(page)).toContainText('Live')
  await send(...tasks(3))
  await received(page, 13)
  await writeFile(join(workbench.folder, 'run.jsonl'), [...before, ...missed].map((doc) => `${JSON.stringify(doc)}\n`).join(''))
  await page.keyboard.press('Control+j')
  await problems(page).getByRole('button', { name: 'Fill from a file…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Fill gaps from a file' })
  await expect(dialog.getByRole('list', { name: 'Gaps that are not filled' }).getByRole('listitem')).toHaveCount(1)
  await dialog.getByRole('checkbox', { name: 'Choose run.jsonl' }).click()
  await dialog.getByRole('button', { name: 'Fill 1 gap from run.jsonl' }).click()
  await expect(dialog).toBeHidden()
  await received(page, 20)
  await expect(ledger(page).getByRole('row').nth(1)).toContainText('7 from run.jsonl')
})

test('tasks that run show how long, ticking; one much longer than usual looks stalled; paused, nothing ticks', async ({ workbench }) => {
  const page = await attach(workbench)
  await send(...tasks(9))
  await send(running({ task_id: 'fresh', activity_id: 'load_block', started_at: nowSeconds() - 1 }), running({ task_id: 'stuck', activity_id: 'load_block', started_at: nowSeconds() - 60 }))
  await received(page, 11)
  await openTable(page)
  const age = (id: string): Locator => grid(page).getByRole('row').filter({ hasText: id }).getByTestId('age')
  await expect(age('stuck')).toHaveAttribute('data-stalled', 'true')
  await expect(age('stuck')).toHaveAttribute('title', /Looks stalled: [\d.]+ times as long as usual, the median of load_block is 2 s/)
  await expect(age('fresh')).not.toHaveAttribute('data-stalled')
  const seconds = async (): Promise<number> => Number.parseInt((await age('stuck').innerText()).trim(), 10)
  const first = await seconds()
  expect(first).toBeGreaterThanOrEqual(59)
  await expect.poll(seconds).toBeGreaterThan(first + 1)
  await page.keyboard.press('Space')
  await expect(strip(page)).toContainText('Paused at')
  const held = await seconds()
  await page.waitForTimeout(2500)
  expect(await seconds()).toBe(held)
  await page.keyboard.press('Space')
  await send(running({ task_id: 'stuck', activity_id: 'load_block', started_at: nowSeconds() - 60, ended_at: nowSeconds(), status: 'FINISHED' }))
  await expect(age('stuck')).toHaveCount(0)
})

test('detached, what came stays; attached again, it goes on in the same tables', async ({ workbench }) => {
  const page = await attach(workbench)
  await send(...tasks(5))
  await received(page, 5)
  await strip(page).getByRole('button', { name: 'Detach' }).click()
  await expect(strip(page)).toContainText(/Detached at \d\d:\d\d:\d\d/)
  await openTable(page)
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '6')
  await strip(page).getByRole('button', { name: 'Attach again' }).click()
  await expect(strip(page)).toContainText('Live')
  await send(...tasks(2))
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '8')
})

test('the buffer is dumped at any time, and opened again it shows the same table', async ({ workbench }) => {
  test.skip(workbench.host === 'desktop', 'The desktop asks for the place in a dialog of the system.')
  const page = await attach(workbench, { size: { width: 1920, height: 1080 } })
  await send({ type: 'workflow', workflow_id: 'w1', campaign_id: 'c1', name: 'train', utc_timestamp: nowSeconds() }, ...tasks(15), running({ task_id: 'again' }), task({ task_id: 'again', status: 'ERROR', stderr: 'boom' }), task({ used: { big: 2n ** 53n + 1n, list: [1, 2, 3], deep: { x: null } } }))
  await received(page, 17)
  await strip(page).getByRole('button', { name: 'Dump buffer…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Dump the buffer' })
  const download = page.waitForEvent('download')
  await dialog.getByRole('button', { name: /^Write and download 19 messages/ }).click()
  const file = join(workbench.folder, 'dumped.jsonl')
  await (await download).saveAs(file)
  const shown = async (of: Page): Promise<{ columns: string[]; rows: string[] }> => {
    await openTable(of)
    await expect(grid(of)).toHaveAttribute('aria-rowcount', '18')
    await expect(await cell(of, 17, 'task_id')).not.toBeEmpty()
    return { columns: await columnNames(of), rows: await grid(of).getByRole('row').evaluateAll((rows) => rows.slice(1).map((one) => one.textContent ?? '')) }
  }
  const again = await workbench.open({ sources: [file], size: { width: 1920, height: 1080 } })
  await expectCounts(again, 17, 17)
  // Times lose their date once it is known that they share one.
  await expect(async () => expect(await shown(again)).toEqual(await shown(page))).toPass({ timeout: 30_000 })
})

for (const theme of ['light', 'dark'] as const) {
  test(`no violations in the ${theme} theme: live, paused, stream, gaps`, async ({ workbench }) => {
    test.slow()
    const page = await attach(workbench, { theme })
    await expectAccessible(page, 'nothing yet')
    await send(running({ started_at: nowSeconds() - 100, activity_id: 'load_block' }), ...tasks(40))
    await publish(redis(), [{ channel, payload: Buffer.from('no message') }])
    await received(page, 41)
    await expect(status(page)).toContainText('1 gap')
    await expectAccessible(page, 'overview')
    await openTable(page)
    await expect(grid(page).getByTestId('age')).toBeVisible()
    await expectAccessible(page, 'table and live pane')
    await page.keyboard.press('Control+j')
    await expect(ledger(page)).toBeVisible()
    await expectAccessible(page, 'gap ledger')
    await problems(page).getByRole('button', { name: 'Fill from a file…' }).click()
    await expectAccessible(page, 'filling gaps')
    await page.keyboard.press('Escape')
    await openView(page, 'Stream')
    await messageRows(page).last().click()
    await page.keyboard.press('Space')
    await expect(strip(page)).toContainText('Paused')
    await send(task())
    await expect(strip(page).getByRole('button', { name: 'Resume 1 waiting' })).toBeVisible()
    await expectAccessible(page, 'stream, paused')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('dump')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog', { name: 'Dump the buffer' })).toBeVisible()
    await expectAccessible(page, 'dumping')
  })
}
