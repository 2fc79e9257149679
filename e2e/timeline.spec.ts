/** The Timeline: what is drawn of the buffers, by the canvas's own pixels and figures, and by the table beside it; zoom, pan, ranges, selection both ways. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { Packr } from 'msgpackr'
import { expectAccessible } from './accessible.ts'
import { countBy, fixture, type Message, tasksOf } from './fixtures.ts'
import { expect, test, type Workbench } from './hosts.ts'
import { chip, expectCounts, inspector, openView, status } from './regions.ts'
import { publish, useRedis } from './servers.ts'

type Timed = Message & { task_id: string; activity_id: string; started_at: number; ended_at: number; status: string }
const timedOf = (name: string): Timed[] => tasksOf(name).filter((task): task is Timed => typeof task['started_at'] === 'number' && typeof task['ended_at'] === 'number')

const canvas = (page: Page): Locator => page.getByTestId('timeline-canvas')
const plot = (page: Page): Locator => page.getByRole('listbox', { name: /^Timeline of/ })
const lanes = (page: Page): Locator => page.getByRole('list', { name: 'Lanes' }).getByRole('listitem')
const lane = (page: Page, name: string): Locator => lanes(page).filter({ has: page.getByRole('button', { name: new RegExp(`^${name}: `) }) })
const option = (page: Page): Locator => plot(page).getByRole('option')
const table = (page: Page): Locator => page.getByRole('group', { name: 'Timeline as a table' })
const unplaced = (page: Page): Locator => page.getByRole('region', { name: 'Tasks without a usable time' })
const toggleTable = (page: Page): Promise<void> => page.getByRole('button', { name: 'Show as table' }).click()

async function openTimeline(workbench: Workbench, name: string, more: Parameters<Workbench['open']>[0] = {}): Promise<Page> {
  const page = await workbench.open({ ...more, sources: [name.includes('/') ? name : fixture(name)] })
  // What is read meanwhile would move what is pointed at. A queue is never read to its end.
  if (!name.includes('://')) await expect(status(page)).toContainText('Loaded')
  await page.getByRole('tab', { name: 'Timeline' }).click()
  await rested(page)
  return page
}

/** Everything in sight has been answered and drawn. */
async function rested(page: Page): Promise<void> {
  await expect(canvas(page)).toHaveAttribute('data-pending', '0')
  await expect(canvas(page)).toHaveAttribute('data-from', /\d/)
  await expect(lanes(page).first()).toBeVisible()
}

type Sight = { from: number; to: number; bars: number; path: number; chosen: number }
async function sight(page: Page): Promise<Sight> {
  const [from, to, bars, path, chosen] = await canvas(page).evaluate((element) => ['from', 'to', 'bars', 'path', 'chosen'].map((name) => Number(element.dataset[name])))
  return { from: from ?? NaN, to: to ?? NaN, bars: bars ?? NaN, path: path ?? NaN, chosen: chosen ?? NaN }
}
const span = async (page: Page): Promise<number> => {
  const { from, to } = await sight(page)
  return to - from
}

/** In pixels from the upper left of the canvas: a time, and the middle of a lane with one sub-row. */
async function pointOf(page: Page, activity: string, time: number): Promise<{ x: number; y: number }> {
  const [{ from, to }, box, row] = await Promise.all([sight(page), canvas(page).boundingBox(), lane(page, activity).boundingBox()])
  if (!box || !row) throw new Error(`${activity} is not drawn.`)
  return { x: ((time - from) / (to - from)) * box.width, y: row.y + row.height / 2 - box.y }
}
const middleOf = (task: Timed): number => (task.started_at + task.ended_at) / 2

async function click(page: Page, activity: string, time: number): Promise<void> {
  const { x, y } = await pointOf(page, activity, time)
  await canvas(page).click({ position: { x, y }, force: true })
}

/** The colour of a point, and of the tokens as the page has them. */
async function colourAt(page: Page, { x, y }: { x: number; y: number }): Promise<string> {
  return await canvas(page).evaluate(
    (element, at) => {
      const { width } = element.getBoundingClientRect()
      const scale = (element as HTMLCanvasElement).width / width
      const [r, g, b] = (element as HTMLCanvasElement).getContext('2d')?.getImageData(Math.round(at.x * scale), Math.round(at.y * scale), 1, 1).data ?? []
      return `rgb(${r}, ${g}, ${b})`
    },
    { x, y }
  )
}
const token = (page: Page, name: string): Promise<string> =>
  page.evaluate((wanted) => {
    const probe = document.createElement('i')
    probe.style.color = `var(--${wanted})`
    document.body.append(probe)
    const { color } = getComputedStyle(probe)
    probe.remove()
    return color
  }, name)

async function wheel(page: Page, { dx = 0, dy = 0, times = 1, key }: { dx?: number; dy?: number; times?: number; key?: 'Control' | 'Shift' }, at = 0.5): Promise<void> {
  const box = await canvas(page).boundingBox()
  if (!box) throw new Error('There is no drawing.')
  await page.mouse.move(box.x + box.width * at, box.y + 20)
  if (key) await page.keyboard.down(key)
  for (let n = 0; n < times; n++) await page.mouse.wheel(dx, dy)
  if (key) await page.keyboard.up(key)
}

test('there is a lane for each activity, with its tasks and errors; each task is in the table, in the order drawn', async ({ workbench }) => {
  const page = await openTimeline(workbench, '02_pipeline')
  const tasks = timedOf('02_pipeline').toSorted((a, b) => a.started_at - b.started_at)
  const counts = countBy(tasks.map((task) => task.activity_id))
  // Objects keep the order in which their keys came: by first start.
  const names = Object.keys(counts)
  await expect(lanes(page)).toHaveCount(names.length)
  for (const [index, name] of names.entries()) {
    await expect(lanes(page).nth(index)).toContainText(name)
    await expect(lanes(page).nth(index)).toContainText(String(counts[name]))
    await expect(lanes(page).nth(index)).toHaveAttribute('data-kind', 'bars')
  }
  await expect(plot(page)).toHaveAttribute('aria-label', new RegExp(`^Timeline of ${tasks.length} tasks in ${names.length} lanes by activity`))
  await expect.poll(async () => (await sight(page)).bars).toBeGreaterThan(names.length)
  await toggleTable(page)
  await expect(table(page).locator('tr[data-lane] th')).toHaveText(names)
  await table(page).getByRole('button', { name: 'fit_line' }).click()
  await expect(table(page).locator('tr[data-task] th')).toHaveText(tasks.filter((task) => task.activity_id === 'fit_line').map((task) => task.task_id))
})

test('bars stand where their times are, failed ones are red', async ({ workbench }) => {
  const page = await openTimeline(workbench, '05_errors')
  const tasks = timedOf('05_errors')
  const failed = tasks.find((task) => task.activity_id === 'async_fail')
  const sound = tasks.find((task) => task.activity_id === 'with_block_raises')
  if (!failed || !sound) throw new Error('The buffer has changed.')
  const red = await token(page, 'err-fill')
  await expect.poll(async () => colourAt(page, await pointOf(page, 'async_fail', failed.started_at + (failed.ended_at - failed.started_at) * 0.7))).toBe(red)
  const beside = await pointOf(page, 'async_fail', failed.ended_at)
  expect(await colourAt(page, { x: beside.x + 12, y: beside.y })).not.toBe(red)
  // Zoomed to it, what was too short for an outline has its colour.
  await click(page, 'with_block_raises', sound.started_at)
  await expect(inspector(page)).toContainText(sound.task_id)
  await plot(page).focus()
  await page.keyboard.press('f')
  await rested(page)
  await expect.poll(async () => colourAt(page, await pointOf(page, 'with_block_raises', middleOf(sound)))).toBe(await token(page, 'bar'))
  await expect(lane(page, 'divide').getByRole('img', { name: '1 error' })).toBeVisible()
  const { x, y } = await pointOf(page, 'with_block_raises', middleOf(sound))
  await canvas(page).hover({ position: { x, y }, force: true })
  const tip = page.getByRole('tooltip')
  await expect(tip).toContainText('with_block_raises')
  await expect(tip).toContainText(`Finished, ${Math.round((sound.ended_at - sound.started_at) * 1e6)} µs`)
  await expect(tip).toContainText(sound.task_id)
})

test('the wheel zooms at the pointer with Ctrl and pans with Shift, dragging pans, keys zoom', async ({ workbench }) => {
  const page = await openTimeline(workbench, '10_dask')
  const whole = await sight(page)
  await expect(canvas(page)).toHaveAttribute('data-mode', 'fit')
  await wheel(page, { dy: -100, times: 5, key: 'Control' }, 0.25)
  await expect.poll(() => span(page)).toBeLessThan((whole.to - whole.from) * 0.5)
  const zoomed = await sight(page)
  // What was under the pointer still is.
  expect(zoomed.from + (zoomed.to - zoomed.from) * 0.25).toBeCloseTo(whole.from + (whole.to - whole.from) * 0.25, 4)
  await wheel(page, { dy: 100, key: 'Shift' })
  await expect.poll(async () => (await sight(page)).from).toBeGreaterThan(zoomed.from)
  expect(await span(page)).toBeCloseTo(zoomed.to - zoomed.from, 6)
  const before = await sight(page)
  const box = await canvas(page).boundingBox()
  if (!box) throw new Error('There is no drawing.')
  await page.mouse.move(box.x + 200, box.y + 300)
  await page.mouse.down()
  await page.mouse.move(box.x + 320, box.y + 300, { steps: 6 })
  await page.mouse.up()
  const moved = ((before.to - before.from) / box.width) * 120
  await expect.poll(async () => (await sight(page)).from).toBeCloseTo(before.from - moved, 4)
  await page.keyboard.press('0')
  await expect.poll(() => span(page)).toBeCloseTo(whole.to - whole.from, 6)
  await page.keyboard.press('+')
  await expect.poll(() => span(page)).toBeCloseTo((whole.to - whole.from) / 1.5, 6)
  await page.keyboard.press('-')
  await expect(canvas(page)).toHaveAttribute('data-mode', 'fit')
})

test('a range dragged on the axis filters every view', async ({ workbench }) => {
  const page = await openTimeline(workbench, '10_dask')
  const head = await page.getByTestId('timeline-head').boundingBox()
  const { from, to } = await sight(page)
  if (!head) throw new Error('There is no axis.')
  const y = head.y + head.height - 8
  await page.mouse.move(head.x + head.width * 0.2, y)
  await page.mouse.down()
  await page.mouse.move(head.x + head.width * 0.4, y, { steps: 5 })
  await page.mouse.up()
  const bar = page.getByRole('group', { name: 'Chosen range' })
  await expect(bar).toContainText(/\d\d:\d\d:\d\d/)
  await bar.getByRole('button', { name: 'Filter to range' }).click()
  await expect(bar).toBeHidden()
  const time = new URLSearchParams(new URL(page.url()).hash.split('?')[1]).get('time')?.split(',').map(Number) ?? []
  expect(time[0]).toBeCloseTo(from + (to - from) * 0.2, 2)
  expect(time[1]).toBeCloseTo(from + (to - from) * 0.4, 2)
  const all = timedOf('10_dask')
  const inside = all.filter((task) => task.started_at >= (time[0] ?? 0) && task.started_at <= (time[1] ?? 0))
  expect(inside.length).toBeGreaterThan(0)
  await expectCounts(page, inside.length, new Set(all.map((task) => task.task_id)).size)
  const counts = countBy(inside.map((task) => task.activity_id))
  await expect(lanes(page)).toHaveCount(Object.keys(counts).length)
  for (const [name, n] of Object.entries(counts)) await expect(lane(page, name)).toContainText(String(n))
})

test('a task chosen here is chosen everywhere, and one chosen elsewhere is shown here', async ({ workbench }) => {
  const page = await openTimeline(workbench, '10_dask')
  const summarised = timedOf('10_dask').filter((task) => task.activity_id === 'summarise')
  const longest = summarised.toSorted((a, b) => b.ended_at - b.started_at - (a.ended_at - a.started_at))[0] as Timed
  await click(page, 'summarise', middleOf(longest))
  await expect(inspector(page)).toContainText(longest.task_id)
  await expect(canvas(page)).toHaveAttribute('data-chosen', '1')
  await openView(page, 'Table')
  await expect(inspector(page)).toContainText(longest.task_id)
  // Elsewhere: an address names another one.
  const other = timedOf('10_dask').find((task) => task.activity_id === 'fail') as Timed
  const url = new URL(page.url())
  const params = new URLSearchParams(url.hash.split('?')[1])
  params.set('selected', other.task_id)
  await page.evaluate((hash) => location.assign(hash), `#/timeline?${params}`)
  await rested(page)
  await expect(canvas(page)).toHaveAttribute('data-chosen', '1')
  await expect(inspector(page)).toContainText(other.task_id)
  // Out of sight: it comes into sight when it is chosen.
  await wheel(page, { dy: -100, times: 9, key: 'Control' }, 0.02)
  await expect.poll(() => sight(page).then(({ to }) => to)).toBeLessThan(other.started_at)
  params.set('selected', longest.task_id)
  await page.evaluate((hash) => location.assign(hash), `#/timeline?${params}`)
  await expect.poll(() => sight(page).then(({ from, to }) => from <= longest.started_at && to >= longest.ended_at)).toBe(true)
})

test('E goes from error to error in order of time', async ({ workbench }) => {
  const page = await openTimeline(workbench, '05_errors')
  const failed = timedOf('05_errors').filter((task) => task.status === 'ERROR').toSorted((a, b) => a.started_at - b.started_at)
  for (const task of failed.slice(0, 3)) {
    await page.keyboard.press('e')
    await expect(inspector(page)).toContainText(task.task_id)
  }
  await page.keyboard.press('Shift+E')
  await expect(inspector(page)).toContainText(failed[1]?.task_id ?? '')
  await expect(canvas(page)).toHaveAttribute('data-chosen', '1')
})

test('a click beside all bars chooses nothing; several tasks in one entry are zoomed into', async ({ workbench }) => {
  const page = await openTimeline(workbench, '04_campaign')
  const map = timedOf('04_campaign').find((task) => task.activity_id === 'compute_map') as Timed
  await click(page, 'compute_map', map.started_at)
  await expect(inspector(page)).toContainText(map.task_id)
  const { x, y } = await pointOf(page, 'mosaic', map.started_at)
  await canvas(page).click({ position: { x: x - 200, y }, force: true })
  await expect(inspector(page)).not.toContainText(map.task_id)
  const before = await span(page)
  const first = timedOf('04_campaign').find((task) => task.activity_id === 'moisture_index') as Timed
  await click(page, 'moisture_index', first.started_at)
  await expect.poll(() => span(page)).toBeLessThan(before / 10)
})

test('waiting is apart from running; an end that was not seen is left open; tasks without a time are listed', async ({ workbench }) => {
  const page = await openTimeline(workbench, '11_status_updates')
  const strip = page.getByRole('status').filter({ hasText: 'no usable time' })
  await expect(strip).toContainText('6 tasks have no usable time, of 16')
  await strip.getByRole('button', { name: 'List them' }).click()
  const rows = unplaced(page).getByRole('listitem')
  await expect(rows).toHaveCount(6)
  await expect(rows.first()).toContainText('started_at')
  const id = (await rows.first().locator('span').nth(3).textContent()) ?? ''
  await rows.first().getByRole('button').click()
  await expect(inspector(page)).toContainText(id)
  await toggleTable(page)
  await table(page).getByRole('button', { name: 'solve' }).click()
  await expect(table(page).locator('tr[data-task]').filter({ hasText: 'waited' }).first()).toBeVisible()
  await page.getByRole('button', { name: 'Show as a drawing' }).click()
  await rested(page)
  // job-2, second sub-row: a thin line while it waited, then the bar.
  const [{ from, to }, box, row] = await Promise.all([sight(page), canvas(page).boundingBox(), lane(page, 'solve').boundingBox()])
  if (!box || !row) throw new Error('There is no drawing.')
  const levels = Math.round((row.height - 9) / 16)
  const inside = levels * 16 - 4
  const top = row.y - box.y + Math.round((row.height - 1 - inside) / 2) + 16
  const x = (time: number): number => ((time - from) / (to - from)) * box.width
  const job = await drawnTask(page, 1)
  const content = await token(page, 'content')
  expect(await colourAt(page, { x: x((job.submitted + job.started) / 2) + 1, y: top + 6 })).toBe(await token(page, 'line-3'))
  expect(await colourAt(page, { x: x((job.submitted + job.started) / 2) + 1, y: top + 2 })).toBe(content)
  expect(await colourAt(page, { x: x((job.started + job.ended) / 2), y: top + 6 })).toBe(await token(page, 'bar'))
})

/** The times of a task of 11_status_updates by its place among those of `solve` that started, from its last messages. */
async function drawnTask(page: Page, index: number): Promise<{ submitted: number; started: number; ended: number }> {
  await expect(canvas(page)).toBeVisible()
  const merged = new Map<string, Message>()
  for (const message of tasksOf('11_status_updates')) merged.set(String(message['task_id']), { ...merged.get(String(message['task_id'])), ...Object.fromEntries(Object.entries(message).filter(([, value]) => value !== null)) })
  const started = [...merged.values()].filter((task) => task['activity_id'] === 'solve' && typeof task['started_at'] === 'number').toSorted((a, b) => Number(a['started_at']) - Number(b['started_at']))
  const task = started[index]
  return { submitted: Number(task?.['submitted_at']), started: Number(task?.['started_at']), ended: Number(task?.['ended_at']) }
}

test('as of a moment, what ran then is open up to it', async ({ workbench }) => {
  const page = await openTimeline(workbench, '11_status_updates')
  // The first two of them have started, none has ended.
  const first = await drawnTask(page, 0)
  const second = await drawnTask(page, 1)
  const moment = (second.started + Math.min(first.ended || Infinity, second.ended)) / 2
  const params = new URLSearchParams(new URL(page.url()).hash.split('?')[1])
  params.set('moment', String(moment))
  await page.evaluate((hash) => location.assign(hash), `#/timeline?${params}`)
  await expect(canvas(page)).toHaveAttribute('data-edge', String(moment))
  await toggleTable(page)
  const running = async (): Promise<number> => Number(await table(page).locator('tr[data-lane] td').nth(3).textContent())
  const started = tasksOf('11_status_updates').filter((task) => typeof task['started_at'] === 'number' && task['started_at'] <= moment && task['status'] === 'RUNNING')
  await expect.poll(running).toBeGreaterThan(0)
  expect(await running()).toBeLessThanOrEqual(new Set(started.map((task) => task['task_id'])).size)
})

test('impossible times are told with what was recorded', async ({ workbench }) => {
  const page = await openTimeline(workbench, '08_odd_values')
  await page.getByRole('button', { name: 'List them' }).click()
  await expect(unplaced(page).getByRole('listitem').filter({ hasText: 'ended_before_started' })).toContainText(/before/)
  await expect(lane(page, 'no activity')).toBeVisible()
  await unplaced(page).getByRole('button', { name: 'Hide the list' }).click()
  await expect(unplaced(page)).toBeHidden()
})

test('where nothing has a time it says why, and lists the tasks', async ({ workbench }) => {
  const file = join(workbench.folder, 'untimed.jsonl')
  await writeFile(file, ['a', 'b', 'c'].map((id) => `${JSON.stringify({ type: 'task', task_id: id, activity_id: 'guess', status: 'FINISHED' })}\n`).join(''))
  const page = await workbench.open({ sources: [file] })
  await page.getByRole('tab', { name: 'Timeline' }).click()
  const panel = page.getByRole('tabpanel')
  await expect(panel).toContainText('No task in scope can be placed in time')
  await expect(panel).toContainText('3 tasks have neither a start nor a submission time')
  await expect(unplaced(page).getByRole('listitem')).toHaveCount(3)
  await panel.getByRole('button', { name: 'Show them in the table' }).click()
  await expect(page.getByRole('tab', { name: 'Table' })).toHaveAttribute('aria-selected', 'true')
})

test('by the keyboard: from task to task, from lane to lane, and into the inspector', async ({ workbench }) => {
  const page = await openTimeline(workbench, '02_pipeline')
  const tasks = timedOf('02_pipeline').toSorted((a, b) => a.started_at - b.started_at)
  const fits = tasks.filter((task) => task.activity_id === 'fit_line')
  await plot(page).focus()
  await page.keyboard.press('ArrowRight')
  await expect(option(page)).toContainText(tasks[0]?.task_id ?? '')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect(option(page)).toContainText(`fit_line, Finished`)
  await expect(option(page)).toContainText(fits[0]?.task_id ?? '')
  for (const fit of fits.slice(1)) {
    await page.keyboard.press('ArrowRight')
    await expect(option(page)).toContainText(fit.task_id)
  }
  await page.keyboard.press('ArrowLeft')
  await expect(option(page)).toContainText(fits.at(-2)?.task_id ?? '')
  await page.keyboard.press('Control+i')
  await expect(inspector(page)).toBeHidden()
  await page.keyboard.press('Enter')
  await expect(inspector(page)).toContainText(fits.at(-2)?.task_id ?? '')
  await expect(plot(page)).toBeFocused()
  // Zoomed in, the next one may be further on: the window goes there.
  await page.keyboard.press('f')
  await expect.poll(() => span(page)).toBeLessThan(0.011)
  await page.keyboard.press('ArrowRight')
  await expect(option(page)).toContainText(fits.at(-1)?.task_id ?? '')
  await expect.poll(() => sight(page).then(({ from, to }) => from <= (fits.at(-1)?.started_at ?? 0) && to >= (fits.at(-1)?.started_at ?? 0))).toBe(true)
  await page.keyboard.press('Escape')
  await expect(canvas(page)).toHaveAttribute('data-chosen', '0')
})

test('lanes are of other kinds, one within another, and folded to histograms; a link shows them so', async ({ workbench }) => {
  const page = await openTimeline(workbench, '04_campaign')
  const arrange = async (name: string, nth: 'first' | 'last'): Promise<void> => {
    await page.getByRole('button', { name: 'Arrange the timeline' }).click()
    await page.getByRole('menuitemcheckbox', { name, exact: true })[nth]().click()
  }
  await arrange('Host', 'first')
  const hosts = Object.entries(countBy(timedOf('04_campaign').map((task) => task['hostname'])))
  await expect(lanes(page)).toHaveCount(hosts.length)
  await arrange('Activity', 'last')
  await expect(lanes(page).first()).toHaveAttribute('data-kind', 'bins')
  // There is one host alone: what is within it is shown at once.
  const inner = new Set(timedOf('04_campaign').filter((task) => task['hostname'] === hosts[0]?.[0]).map((task) => task.activity_id))
  await expect(lanes(page)).toHaveCount(hosts.length + inner.size)
  await lanes(page).first().getByRole('button', { name: /inner lanes/ }).click()
  await expect(lanes(page)).toHaveCount(hosts.length)
  await lanes(page).first().getByRole('button', { name: /inner lanes/ }).click()
  await lane(page, 'moisture_index').getByRole('button', { name: /single tasks/ }).click()
  await expect(lane(page, 'moisture_index')).toHaveAttribute('data-kind', 'bins')
  await page.keyboard.press('+')
  await expect(canvas(page)).toHaveAttribute('data-mode', 'free')
  await expect.poll(() => new URL(page.url()).hash).toMatch(/lanes=host%2Factivity%40/)
  const { from, to } = await sight(page)
  const hash = new URL(page.url()).hash
  await openView(page, 'Overview')
  await page.evaluate((there) => location.assign(there), hash)
  await rested(page)
  await expect.poll(() => sight(page)).toMatchObject({ from, to })
  await expect(page.getByText('By host, activity, UTC')).toBeVisible()
})

test('the critical path is drawn, told step by step, and each task’s slack with it', async ({ workbench }) => {
  const page = await openTimeline(workbench, '02_pipeline')
  const steps = page.getByRole('list', { name: 'Steps of the critical path' }).getByRole('listitem')
  // Each station's readings go through the four; the ranking needs them all.
  const activities = ['load_readings', 'drop_outliers', 'fit_line', 'evaluate', 'rank_stations', 'publish_report']
  await expect(steps).toHaveCount(activities.length)
  for (const [index, name] of activities.entries()) await expect(steps.nth(index)).toContainText(name)
  await expect(page.getByRole('group', { name: 'Legend' })).toContainText('Critical path')
  await expect(canvas(page)).toHaveAttribute('data-path', String(activities.length))
  const tasks = timedOf('02_pipeline')
  const accent = await token(page, 'accent')
  await steps.nth(2).getByRole('button').click()
  const chosen = tasks.find((task) => task.task_id === new URLSearchParams(new URL(page.url()).hash.split('?')[1]).get('selected')) as Timed
  expect(chosen.activity_id).toBe('fit_line')
  await expect(inspector(page)).toContainText('This task is step 3 of the path')
  await expect.poll(async () => colourAt(page, await pointOf(page, 'fit_line', chosen.started_at + (chosen.ended_at - chosen.started_at) * 0.8))).toBe(accent)
  const other = tasks.find((task) => task.activity_id === 'fit_line' && task.task_id !== chosen.task_id) as Timed
  await click(page, 'fit_line', middleOf(other))
  await expect(inspector(page)).toContainText(/Slack \d.*could have taken longer/)
  await page.getByRole('button', { name: 'Critical path' }).filter({ visible: true }).first().click()
  await expect(canvas(page)).toHaveAttribute('data-path', '0')
  await expect(steps).toHaveCount(0)
})

test('a lane’s name filters to it; the heads are one stop of the keyboard', async ({ workbench }) => {
  const page = await openTimeline(workbench, '05_errors')
  await lanes(page).first().getByRole('button').first().focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  await expect(lane(page, 'divide').getByRole('button', { name: 'Filter to divide' })).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(plot(page)).toBeFocused()
  await lane(page, 'divide').getByRole('button', { name: 'Filter to divide' }).click()
  await expect(chip(page, 'activity_id = divide')).toBeVisible()
  await expect(lanes(page)).toHaveCount(1)
})

for (const theme of ['light', 'dark'] as const) {
  test(`no accessibility fault in ${theme}: drawing, table, list`, async ({ workbench }) => {
    const page = await openTimeline(workbench, '08_odd_values', { theme })
    await expectAccessible(page, 'drawing')
    await page.getByRole('button', { name: 'List them' }).click()
    await expect(unplaced(page).getByRole('listitem').first()).toBeVisible()
    await toggleTable(page)
    await table(page).getByRole('button', { name: 'mixed_types' }).click()
    await expect(table(page).locator('tr[data-task]').first()).toBeVisible()
    await expectAccessible(page, 'table and list')
  })
}

test('with forced colours bars keep their outlines', async ({ workbench }) => {
  const page = await openTimeline(workbench, '10_dask', { forcedColors: true })
  const longest = timedOf('10_dask').filter((task) => task.activity_id === 'summarise').toSorted((a, b) => b.ended_at - b.started_at - (a.ended_at - a.started_at))[0] as Timed
  const { x, y } = await pointOf(page, 'summarise', middleOf(longest))
  const inside = await colourAt(page, { x, y })
  // Half a bar and a hair above the middle.
  expect(await colourAt(page, { x, y: y - 6 })).not.toBe(inside)
})

test.describe('live', () => {
  const redis = useRedis()
  const packr = new Packr({ useRecords: false })
  const now = (): number => Date.now() / 1000

  test('tasks without an end go on with the clock; the edge is followed until it is left; a gap is hatched and told', async ({ workbench }) => {
    const channel = `timeline_${process.pid}_${Date.now().toString(36)}`
    const send = (docs: Message[]): Promise<void> => publish(redis(), docs.map((doc) => ({ channel, payload: packr.pack({ type: 'task', workflow_id: 'w', campaign_id: 'c', ...doc }) as Buffer })))
    const page = await workbench.open({ sources: [`${redis().url}/0/${channel}`] })
    await expect(page.getByRole('group', { name: 'Live', exact: true })).toContainText('Live')
    const begun = now()
    await send(Array.from({ length: 6 }, (_, n) => ({ task_id: `t${n}`, activity_id: 'load', started_at: begun - 20 + n, ended_at: begun - 15 + n, status: 'FINISHED' })))
    await send([{ task_id: 'goes-on', activity_id: 'fit', started_at: begun - 4, status: 'RUNNING' }])
    await expect(status(page)).toContainText('7 tasks received')
    await page.getByRole('tab', { name: 'Timeline' }).click()
    await rested(page)
    await expect(lane(page, 'fit')).toContainText('1')
    const edge = (): Promise<number> => canvas(page).evaluate((element) => Number(element.dataset['edge']))
    const first = await edge()
    expect(first).toBeGreaterThan(begun)
    await expect.poll(edge).toBeGreaterThan(first + 1)
    // Hatched from its start up to the edge: two colours in turn.
    const { x, y } = await pointOf(page, 'fit', (await edge()) - 1)
    const along = await Promise.all(Array.from({ length: 12 }, (_, n) => colourAt(page, { x: x - n, y })))
    expect(new Set(along).size).toBeGreaterThan(1)
    await expect(page.getByRole('group', { name: 'Legend' })).toContainText('Running, open end')
    // Zoomed in at the edge it is followed; panned away the window stays, and Follow comes back.
    await wheel(page, { dy: -100, times: 4, key: 'Control' }, 0.92)
    await expect(canvas(page)).toHaveAttribute('data-mode', 'follow')
    const followed = await sight(page)
    await expect.poll(async () => (await sight(page)).to).toBeGreaterThan(followed.to + 0.5)
    await wheel(page, { dy: -900, times: 2, key: 'Shift' })
    await expect(canvas(page)).toHaveAttribute('data-mode', 'free')
    const left = await sight(page)
    await send([{ task_id: 'late', activity_id: 'fit', started_at: now() - 0.2, ended_at: now(), status: 'FINISHED' }])
    await expect(status(page)).toContainText('8 tasks received')
    expect(await sight(page)).toMatchObject({ from: left.from, to: left.to })
    await page.getByRole('button', { name: 'Follow', exact: true }).click()
    await expect(canvas(page)).toHaveAttribute('data-mode', 'follow')
    // Space would press the button as long as it has the focus.
    await expect(page.getByRole('button', { name: 'Follow', exact: true })).toBeHidden()
    await page.keyboard.press('0')
    // Paused: what is drawn stands still, and the clock goes on beside it.
    await page.keyboard.press('Space')
    await expect(page.getByRole('group', { name: 'Live', exact: true })).toContainText('Paused at')
    await expect.poll(async () => { const before = await edge(); await page.waitForTimeout(300); return (await edge()) === before }).toBe(true)
    await page.getByRole('button', { name: /^Resume/ }).click()
    await expect(page.getByText('No gap: nothing is known to be missing')).toBeVisible()
    await redis().restart()
    await expect(page.getByText(/Gap of [\d.]+ m?s/).filter({ visible: true }).first()).toBeVisible()
    await expect(canvas(page)).toHaveAttribute('data-gaps', '1')
    await expect(page.getByRole('group', { name: 'Legend' })).toContainText('Gap')
    await expectAccessible(page, 'live')
  })
})
