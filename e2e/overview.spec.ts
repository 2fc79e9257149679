/** The Overview's figures, computed here from the lines of the buffers. */
import type { Locator, Page } from '@playwright/test'
import { countBy, fixture, linesOf, type Message, tasksOf } from './fixtures.ts'
import { cellsOf } from './grid.ts'
import { expect, test } from './hosts.ts'
import { card, chip, expectCounts, problems, status } from './regions.ts'

const tasks = tasksOf('05_errors') as (Message & { started_at: number; ended_at: number })[]
const failed = tasks.filter((task) => task.status === 'ERROR')
const activity = (page: Page, name: string): Locator => card(page, 'Activities').getByRole('row').filter({ has: page.getByRole('cell', { name, exact: true }) })

test('counts, statuses, times and activities are the file’s', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  const summary = card(page, 'Summary')
  await expect(summary).toContainText('fragile_ingest')
  await expect(summary.getByRole('button', { name: /Finished/ })).toContainText(String(tasks.length - failed.length))
  await expect(summary.getByRole('button', { name: /Error/ })).toContainText(String(failed.length))
  const wall = Math.max(...tasks.map((task) => task.ended_at)) - Math.min(...tasks.map((task) => task.started_at))
  const busy = tasks.reduce((sum, task) => sum + task.ended_at - task.started_at, 0)
  await expect(summary).toContainText(`${(wall * 1000).toFixed(1)} mswall time`)
  await expect(summary).toContainText(`${(busy * 1000).toFixed(1)} msbusy time`)
  const counts = countBy(tasks.map((task) => task.activity_id))
  await expect(summary).toContainText(`${Object.keys(counts).length}activities`)
  const errors = countBy(failed.map((task) => task.activity_id))
  for (const [name, n] of Object.entries(counts)) {
    const cells = activity(page, name).getByRole('cell')
    await expect(cells.nth(1)).toHaveText(String(n))
    await expect(cells.nth(2)).toHaveText(String(errors[name] ?? 0))
  }
  const seconds = tasks.filter((task) => task.activity_id === 'divide').map((task) => task.ended_at - task.started_at).toSorted((a, b) => a - b)
  const median = await activity(page, 'divide').getByRole('cell').nth(4).getAttribute('title')
  expect(Number(median)).toBeCloseTo((seconds[1] ?? NaN) * 1000, 6)
})

test('a click on an activity or a status narrows everything', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  await activity(page, 'fetch').click()
  await expect(chip(page, 'activity_id = fetch')).toBeVisible()
  const left = tasks.filter((task) => task.activity_id === 'fetch')
  await expectCounts(page, left.length, tasks.length)
  await expect(card(page, 'Activities').getByRole('row')).toHaveCount(2)
  await card(page, 'Summary').getByRole('button', { name: /Error/ }).click()
  await expectCounts(page, left.filter((task) => task.status === 'ERROR').length, tasks.length)
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('clear the filter')
  await page.keyboard.press('Enter')
  await expectCounts(page, tasks.length, tasks.length)
  await activity(page, 'divide').focus()
  await page.keyboard.press('Enter')
  await expect(chip(page, 'activity_id = divide')).toBeVisible()
})

test('activities are ordered as asked', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  await expect(activity(page, 'fetch')).toBeVisible()
  await card(page, 'Activities').getByRole('button', { name: /by busy time/ }).click()
  await page.getByRole('menuitemcheckbox', { name: 'By name' }).click()
  const names = [...new Set(tasks.map((task) => String(task.activity_id)))].toSorted()
  await expect(card(page, 'Activities').getByRole('row')).toHaveCount(names.length + 1)
  await expect.poll(() => card(page, 'Activities').getByRole('row').evaluateAll((rows) => rows.slice(1).map((row) => row.firstElementChild?.textContent))).toEqual(names)
})

test('errors by message lead to their tasks', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  const errors = card(page, 'Errors')
  await expect(errors).toContainText(`${failed.length}, ${((failed.length / tasks.length) * 100).toFixed(1)} % of tasks`)
  await errors.getByRole('button', { name: /division by zero/ }).click()
  await expect(page.getByRole('tab', { name: 'Table' })).toHaveAttribute('aria-selected', 'true')
  const left = failed.filter((task) => String(task.stderr).includes('division by zero'))
  await expectCounts(page, left.length, tasks.length)
  await expect(await cellsOf(page, 'task_id')).toHaveText(left.map((task) => String(task.task_id)))
})

test('the slowest tasks are the slowest, longest first, and one leads to its record', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  const slowest = card(page, 'Slowest tasks')
  const byLength = tasks.toSorted((a, b) => b.ended_at - b.started_at - (a.ended_at - a.started_at))
  const first = slowest.getByRole('button').filter({ hasText: String(byLength[0]?.task_id) })
  await expect(first).toContainText(String(byLength[0]?.activity_id))
  await first.click()
  await expect(page.getByRole('complementary', { name: 'Inspector' })).toContainText(String(byLength[0]?.task_id))
})

test('the data quality of a run with odd updates is told, and leads to the records', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('11_status_updates')] })
  const quality = card(page, 'Data quality')
  await expect(quality).toContainText(/[Nn]ever ended|without an end|no end/)
  await expect(quality).toContainText(/parent/i)
  const orphans = quality.getByRole('button').filter({ hasText: /parent.*(not|missing)|orphan/i }).first()
  await orphans.click()
  await expect(page.getByRole('tab', { name: 'Table' })).toHaveAttribute('aria-selected', 'true')
  await expectCounts(page, 1, 16)
  await expect(await cellsOf(page, 'task_id')).toHaveText(['job-12'])
})

test('a sound run is said to be sound; a cut file is not', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  await expect(card(page, 'Data quality')).toContainText('nothing found')
  const cut = await workbench.open({ sources: [fixture('13_truncated_tail')] })
  await card(cut, 'Data quality').getByRole('button', { name: /Lines not read/ }).click()
  await expect(problems(cut)).toContainText('Line is cut off')
  await expect(status(cut).getByRole('button', { name: '1 problem' })).toHaveAttribute('aria-expanded', 'true')
})

test('what is drawn over time can be read as a table', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('06_telemetry_full')] })
  const overTime = card(page, 'Over time')
  await expect(overTime.getByRole('img', { name: /^CPU over time/ })).toBeVisible()
  await overTime.getByRole('button', { name: 'Show as table' }).click()
  const table = overTime.getByRole('table')
  await expect(table.getByRole('columnheader').first()).toHaveText('from')
  await expect(table.getByRole('columnheader', { name: /^CPU %/ })).toBeVisible()
  await expect(table.getByRole('row').nth(1)).toBeVisible()
  await overTime.getByRole('button', { name: 'Show as charts' }).click()
  await expect(overTime.getByRole('img', { name: /^Concurrency over time/ })).toBeVisible()
})

test('records are not tasks alone: a run of loops counts every iteration', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('03_loop')] })
  const loop = linesOf('03_loop').map((line) => JSON.parse(line) as Message)
  const all = loop.filter(({ type }) => type !== 'workflow').length
  await expectCounts(page, all, all)
  const open = loop.filter((message) => message.type !== 'workflow' && message.ended_at === undefined).length
  await expect(card(page, 'Data quality').getByRole('button', { name: /Tasks without ended_at/ })).toContainText(String(open))
})
