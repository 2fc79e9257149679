/** Telemetry: what is drawn against the buffer's lines, computed here. */
import type { Locator, Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { countBy, fixture, type Message, messagesOf, tasksOf } from './fixtures.ts'
import { expect, test } from './hosts.ts'
import { card, chip, expectCounts, openView } from './regions.ts'

/** The fixture's tasks, and its iterations, which are tasks without a type. */
const allTasks = 22
const tasks = tasksOf('06_telemetry_full') as (Message & { started_at: number; ended_at: number; generated: { result?: unknown } })[]
const at = (task: Message, path: string): number | undefined => path.split('.').reduce<unknown>((found, key) => (found as Record<string, unknown> | undefined)?.[key], task) as number | undefined
const metrics = (page: Page): Locator => page.getByRole('complementary', { name: 'Metrics' })
const overTime = (page: Page): Locator => card(page, 'Over time')
const row = (page: Page, metric: string): Locator => overTime(page).getByRole('group', { name: metric, exact: true })

async function openTelemetry(workbench: { open: (options: { sources: string[] }) => Promise<Page> }, name = '06_telemetry_full'): Promise<Page> {
  const page = await workbench.open({ sources: [fixture(name)] })
  await openView(page, 'Telemetry')
  await expect(overTime(page)).toBeVisible()
  return page
}

test('every captured number is listed by section, and what was not captured is said', async ({ workbench }) => {
  const page = await openTelemetry(workbench)
  const cpu = metrics(page).getByRole('region', { name: 'cpu.' })
  await expect(cpu.getByRole('checkbox', { name: 'Draw cpu.percent_all over time' })).toBeChecked()
  await expect(cpu.getByRole('button', { name: 'percent_per_cpu[ ] 2' })).toBeVisible()
  await cpu.getByRole('button', { name: 'percent_per_cpu[ ] 2' }).click()
  await expect(cpu.getByRole('checkbox', { name: 'Draw cpu.percent_per_cpu[1] over time' })).toBeVisible()
  await expect(cpu.getByRole('listitem').filter({ hasText: 'times_avg.guest_nice' })).toContainText('const')
  await expect(metrics(page).getByRole('region', { name: 'gpu.' })).toContainText('not captured')
  await expect(overTime(page)).toContainText('No task in this scope recorded gpu.*. Its workflow ran with telemetry_capture.gpu: null')
  await metrics(page).getByRole('textbox', { name: 'Find a metric' }).fill('swap')
  const { memory } = tasks.map((task) => task['telemetry_at_end']).find((snapshot) => snapshot !== undefined) as { memory: { swap: object } }
  const swapFields = Object.keys(memory.swap).length
  await expect(metrics(page).getByRole('checkbox')).toHaveCount(swapFields)
})

test('small multiples by host and by activity have the means of the lines', async ({ workbench }) => {
  const page = await openTelemetry(workbench)
  const mean = (values: (number | undefined)[]): number => {
    const found = values.filter((value) => value !== undefined)
    return found.reduce((sum, value) => sum + value, 0) / found.length
  }
  const ends = tasks.map((task) => at(task, 'telemetry_at_end.cpu.percent_all'))
  const onHost = ends.filter((_, index) => tasks[index]?.['hostname'] === 'node-07')
  await expect(row(page, 'cpu.percent_all').getByRole('img')).toHaveCount(1)
  await expect(row(page, 'cpu.percent_all').getByRole('img', { name: `node-07, CPU: mean ${Number(mean(onHost).toPrecision(3))} %, ${onHost.filter((value) => value !== undefined).length} tasks` })).toBeVisible()
  await page.getByRole('radio', { name: 'Activity' }).click()
  const counts = countBy(tasks.map((task) => task['activity_id']))
  await expect(overTime(page)).toContainText('Over time by activity')
  for (const activity of ['hash_file', 'allocate']) {
    const own = ends.filter((_, index) => tasks[index]?.['activity_id'] === activity)
    expect(own).toHaveLength(counts[activity] ?? -1)
    await expect(row(page, 'cpu.percent_all').getByRole('img', { name: `${activity}, CPU: mean ${Number(mean(own).toPrecision(3))} %, ${own.length} tasks` })).toBeVisible()
  }
  await overTime(page).getByRole('radio', { name: 'Start → end' }).click()
  const both = tasks.filter((task) => at(task, 'telemetry_at_start.memory.virtual.used') !== undefined && at(task, 'telemetry_at_end.memory.virtual.used') !== undefined)
  await expect(row(page, 'memory.virtual.used')).toContainText(`n ${both.length}`)
})

test('a brush is drawn in every cell and narrows everything; a click takes it away', async ({ workbench }) => {
  const page = await openTelemetry(workbench)
  await page.getByRole('radio', { name: 'Activity' }).click()
  const cells = overTime(page).getByRole('img')
  await expect(cells.first()).toBeVisible()
  // Cells that are drawn anew under the pointer take no drag.
  await expect(async () => {
    await page.mouse.up()
    const box = await cells.first().boundingBox()
    if (!box) throw new Error('No cell')
    await page.mouse.move(box.x + box.width * 0.5, box.y + 20)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.7, box.y + 20, { steps: 3 })
    await page.mouse.move(box.x + box.width * 0.9, box.y + 20, { steps: 3 })
    await expect(overTime(page).getByTestId('brush')).toHaveCount(await cells.count(), { timeout: 3000 })
  }).toPass()
  await page.mouse.up()
  await expect.poll(() => new URL(page.url()).hash).toContain('time=')
  const [from = NaN, to = NaN] = (new URLSearchParams(new URL(page.url()).hash.split('?')[1]).get('time') ?? '').split(',').map(Number)
  const left = messagesOf('06_telemetry_full').filter((message) => 'activity_id' in message && Number(message['started_at']) >= from && Number(message['started_at']) <= to)
  expect(left.length).toBeGreaterThan(0)
  expect(left.length).toBeLessThan(allTasks)
  await expectCounts(page, left.length, allTasks)
  await expect(overTime(page).getByTestId('brush')).toHaveCount(await cells.count())
  await overTime(page).getByRole('button', { name: 'Zoom in to the range' }).click()
  await expect(overTime(page).getByTestId('brush')).toHaveCount(0)
  await overTime(page).getByRole('button', { name: 'Show all of the time' }).click()
  await cells.first().click({ position: { x: 4, y: 20 } })
  await expectCounts(page, allTasks, allTasks)
})

test('a metric is drawn when it is chosen, and a row nobody measured says so', async ({ workbench }) => {
  const page = await openTelemetry(workbench)
  await metrics(page).getByRole('textbox', { name: 'Find a metric' }).fill('used.kb')
  await metrics(page).getByRole('checkbox', { name: 'Draw used.kb over time' }).check()
  await expect(row(page, 'used.kb').getByRole('img')).toHaveCount(1)
  await metrics(page).getByRole('button', { name: 'Distribution of used.kb' }).click()
  const sizes = tasks.flatMap((task) => at(task, 'used.kb') ?? [])
  await expect(card(page, 'Distribution by activity')).toContainText(`${sizes.length} tasks`)
  await expect(card(page, 'Distribution by activity').getByRole('row').filter({ hasText: 'hash_file' })).toBeVisible()
  await expect(card(page, 'Histogram')).toContainText(`${sizes.length} tasks`)
  await page.reload()
  await expect(row(page, 'used.kb').getByRole('img')).toHaveCount(1)
})

test('rules have Flowcept’s thresholds, can be changed, are kept, lead to their tasks, and can be reset', async ({ workbench }) => {
  const page = await openTelemetry(workbench)
  const rules = card(page, 'Critical-task rules')
  const seconds = tasks.map((task) => task.ended_at - task.started_at).filter(Number.isFinite)
  const rule = rules.getByRole('listitem').filter({ hasText: 'long_duration' })
  const threshold = rules.getByRole('textbox', { name: 'Threshold of long_duration in s' })
  await expect(threshold).toHaveValue('0.8')
  await expect(rule).toContainText(`0of ${seconds.length}`)
  await expect(rules).toContainText('All thresholds are Flowcept’s.')
  await threshold.fill('0.01')
  await threshold.press('Enter')
  const late = seconds.filter((value) => value > 0.01).length
  expect(late).toBeGreaterThan(0)
  await expect(rule).toContainText(`${late}of ${seconds.length}`)
  await expect(rules).toContainText('long_duration changed by you')
  await page.reload()
  await expect(threshold).toHaveValue('0.01')
  await rules.getByRole('button', { name: `Show ${late} tasks marked long_duration in Table` }).click()
  await expectCounts(page, late, allTasks)
  await openView(page, 'Telemetry')
  await rules.getByRole('button', { name: 'Reset all rules to Flowcept’s' }).click()
  await expect(threshold).toHaveValue('0.8')
  await rules.getByRole('checkbox', { name: 'Rule low_output' }).click()
  await expect(rules.getByRole('checkbox', { name: 'Rule low_output' })).not.toBeChecked()
  await expect(rules).toContainText('by 5 of 6 rules')
})

test('each drawing can be read as a table', async ({ workbench }) => {
  const page = await openTelemetry(workbench)
  await page.getByRole('region', { name: 'View' }).getByRole('button', { name: 'Show as table' }).first().click()
  const table = overTime(page).getByRole('table')
  await expect(table.getByRole('columnheader')).toHaveText(['from', 'node-07'])
  await expect(table.getByRole('row').nth(1)).toBeVisible()
  await card(page, 'Distribution by activity').getByRole('button', { name: 'Show as table' }).click()
  await expect(card(page, 'Distribution by activity').getByRole('columnheader')).toHaveText(['activity', 'n', 'min', 'p5', 'p25', 'p50', 'p75', 'p95', 'max'])
  await card(page, 'Histogram').getByRole('button', { name: 'Show as table' }).click()
  await expect(card(page, 'Histogram').getByRole('columnheader').last()).toHaveText('tasks')
  await card(page, 'Tasks').getByRole('button', { name: 'Show as table' }).click()
  await expect(card(page, 'Tasks').getByRole('row')).toHaveCount(tasks.filter((task) => Number.isFinite(task.ended_at - task.started_at)).length + 1)
  await card(page, 'Tasks').getByRole('row').nth(1).getByRole('button').click()
  await expect(page.getByRole('complementary', { name: 'Inspector' })).toContainText(String(tasks.toSorted((a, b) => a.started_at - b.started_at)[0]?.['task_id']))
})

test('an activity chosen in the distribution narrows everything, and hosts too few to compare are said to be', async ({ workbench }) => {
  const page = await openTelemetry(workbench, '04_campaign')
  await expect(card(page, 'Outliers')).toContainText('at least three are needed')
  const counts = countBy(tasksOf('04_campaign').map((task) => task['activity_id']))
  const [[name, own] = ['', 0]] = Object.entries(counts)
  const distribution = card(page, 'Distribution by activity')
  await expect(distribution.getByRole('button', { name: 'Metric of the distribution: duration' })).toBeVisible()
  await distribution.getByRole('button', { name, exact: true }).click()
  await expect(chip(page, `activity_id = ${name}`)).toBeVisible()
  await expectCounts(page, own, tasksOf('04_campaign').length)
})

test('without telemetry the view says which setting captures it, and still has numbers', async ({ workbench }) => {
  const page = await openTelemetry(workbench, '05_errors')
  await expect(overTime(page)).toContainText('telemetry_capture')
  await metrics(page).getByRole('button', { name: /^computed/ }).click()
  await metrics(page).getByRole('checkbox', { name: 'Draw duration over time' }).check()
  await page.getByRole('radio', { name: 'Activity' }).click()
  await expect(row(page, 'duration').getByRole('img').first()).toBeVisible()
})

for (const scheme of ['light', 'dark'] as const) {
  test(`accessible, ${scheme}`, async ({ workbench }) => {
    const page = await openTelemetry(workbench)
    await page.emulateMedia({ colorScheme: scheme })
    await expect(row(page, 'cpu.percent_all').getByRole('img')).toHaveCount(1)
    await expect(card(page, 'Critical-task rules').getByRole('listitem')).toHaveCount(6)
    await expect(card(page, 'Tasks').getByRole('img')).toBeVisible()
    await expectAccessible(page, `telemetry, ${scheme}`)
  })
}
