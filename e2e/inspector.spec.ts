/** One record whole, as its lines say it. */
import { readFileSync } from 'node:fs'
import type { Locator, Page } from '@playwright/test'
import { fixture, linesOf, type Message, tasksOf } from './fixtures.ts'
import { cell, cellsOf, grid, openTable } from './grid.ts'
import { expect, test } from './hosts.ts'
import { inspector } from './regions.ts'

const section = (page: Page, name: string): Locator => inspector(page).locator('section').filter({ has: page.getByRole('button', { name: new RegExp(`^${name}`) }) }).first()
const clockOf = (seconds: number): string => new Date(Math.floor(seconds * 1000)).toISOString().slice(11, 23)

async function choose(page: Page, taskId: string): Promise<void> {
  await openTable(page)
  await grid(page).getByRole('gridcell', { name: taskId, exact: true }).click()
  await expect(section(page, 'Identity')).toContainText(taskId)
}

test('identity, times, inputs, outputs and error of a task are its line’s', async ({ workbench }) => {
  const tasks = tasksOf('05_errors')
  const task = tasks[1] as Message & { started_at: number; ended_at: number }
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  await choose(page, String(task.task_id))
  for (const key of ['task_id', 'activity_id', 'workflow_id', 'campaign_id', 'hostname']) await expect(section(page, 'Identity')).toContainText(String(task[key]))
  await expect(section(page, 'Identity')).toContainText('1 message')
  await expect(section(page, 'Time')).toContainText(`${clockOf(task.started_at)} → ${clockOf(task.ended_at)}`)
  await expect(section(page, 'Time')).toContainText('UTC')
  await expect(section(page, 'Used')).toContainText('pressure')
  await expect(section(page, 'stderr').locator('pre')).toHaveText(String(task.stderr))
  await expect(section(page, 'Generated')).toHaveCount(0)

  await (await cell(page, 1, 'task_id')).click()
  await expect(section(page, 'Generated')).toContainText('21.5')
  await expect(section(page, 'stderr')).toHaveCount(0)
})

test('times are shown in UTC or in local time, everywhere at once, and it stays so', async ({ workbench }) => {
  const [task] = tasksOf('05_errors') as [Message & { started_at: number }]
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  await choose(page, String(task.task_id))
  const local = await page.evaluate((ms) => {
    const date = new Date(ms)
    const pad = (n: number, width = 2): string => String(n).padStart(width, '0')
    return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`
  }, Math.floor(task.started_at * 1000))
  await page.getByRole('banner').getByRole('button', { name: 'Times are shown in UTC' }).click()
  await page.getByRole('menuitemcheckbox', { name: /^Local time/ }).click()
  await expect(section(page, 'Time')).toContainText('local')
  await expect(section(page, 'Time')).toContainText(local)
  await expect(await cell(page, 1, 'started_at')).toHaveText(local)
  const next = await workbench.open({ sources: [fixture('05_errors')] })
  await expect(next.getByRole('banner').getByRole('button', { name: /^Times are shown in/ })).toHaveText('Local')
})

test('nested inputs are a tree that folds', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('04_campaign')] })
  const mosaic = tasksOf('04_campaign').find((task) => task.activity_id === 'mosaic') as Message
  await choose(page, String(mosaic.task_id))
  const generated = section(page, 'Generated')
  await expect(generated).toContainText('0.4528604651162791')
  const map = generated.getByRole('button', { name: 'map' })
  await expect(map).toHaveAttribute('aria-expanded', 'true')
  await map.click()
  await expect(map).toHaveAttribute('aria-expanded', 'false')
  await expect(generated).not.toContainText('0.4528604651162791')
})

test('telemetry is start, end and difference', async ({ workbench }) => {
  type Snapshot = { cpu: { times_avg: { user: number } }; process: { memory: { rss: number } } }
  const task = tasksOf('06_telemetry_full').find((other) => other.activity_id === 'allocate') as Message & { telemetry_at_start: Snapshot; telemetry_at_end: Snapshot }
  const page = await workbench.open({ sources: [fixture('06_telemetry_full')] })
  await choose(page, String(task.task_id))
  const telemetry = section(page, 'Telemetry')
  const { telemetry_at_start: start, telemetry_at_end: end } = task
  const user = (snapshot: Snapshot): string => snapshot.cpu.times_avg.user.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  await expect(telemetry.getByTitle('telemetry_at_*.cpu.times_avg.user')).toContainText(`${user(start)}`)
  await expect(telemetry.getByTitle('telemetry_at_*.cpu.times_avg.user')).toContainText(`${user(end)}`)
  const mb = (end.process.memory.rss - start.process.memory.rss) / 1e6
  await expect(telemetry.getByTitle('telemetry_at_*.process.memory.rss')).toContainText(`${mb > 0 ? '+' : ''}${mb.toFixed(1).replace('-', '−')}`)
  await telemetry.getByRole('button', { name: 'All at start' }).click()
  await expect(telemetry).toContainText('times_avg')
})

test('the raw messages a task was merged from, with line and byte', async ({ workbench }) => {
  const text = readFileSync(fixture('11_status_updates'), 'utf8')
  const lines = linesOf('11_status_updates')
  const mine = lines.map((line, index) => ({ line, number: index + 1, byte: Buffer.byteLength(text.slice(0, text.indexOf(line))) })).filter(({ line }) => (JSON.parse(line) as Message).task_id === 'job-3')
  const page = await workbench.open({ sources: [fixture('11_status_updates')] })
  await choose(page, 'job-3')
  await expect(section(page, 'Identity')).toContainText(`${mine.length} messages`)
  await section(page, 'Raw messages').getByRole('button', { name: /^Raw messages/ }).click()
  const raw = section(page, 'Raw messages').locator('pre')
  await expect(raw).toHaveCount(mine.length)
  for (const [index, { line, number, byte }] of mine.entries()) {
    await expect(section(page, 'Raw messages')).toContainText(`11_status_updates.jsonl, line ${number}, byte ${byte.toLocaleString('en-US')}`)
    expect(await raw.nth(index).textContent()).toBe(line)
  }
})

test('links lead to parent, children and producers, and the table goes along', async ({ workbench }) => {
  const tasks = tasksOf('04_campaign')
  const feather = tasks.find((task) => task.activity_id === 'feather') as Message
  const parent = tasks.find((task) => task.task_id === feather.parent_task_id) as Message
  const page = await workbench.open({ sources: [fixture('04_campaign')] })
  await choose(page, String(feather.task_id))
  await section(page, 'Lineage').getByRole('button', { name: new RegExp(String(parent.activity_id)) }).first().click()
  await expect(section(page, 'Identity')).toContainText(String(parent.task_id))
  await expect(grid(page).locator('[role=row][data-cursor]').getByRole('gridcell').first()).toHaveText(String(parent.task_id))
  await section(page, 'Lineage').getByRole('button', { name: /feather/ }).click()
  await expect(section(page, 'Identity')).toContainText(String(feather.task_id))
})

test('a parent that is not there is said', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('11_status_updates')] })
  await choose(page, 'job-12')
  await expect(section(page, 'Lineage')).toContainText('missing-parent is not among the tasks read')
})

test('producers are told by what was captured: Dask’s upstream ids', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('10_dask')] })
  const messages = tasksOf('10_dask')
  const ids = new Set(messages.map((task) => String(task.task_id)))
  const dependent = messages.find((task) => JSON.stringify(task.used ?? {}).split('"').some((part) => part !== task.task_id && ids.has(part))) as Message
  await choose(page, String(dependent.task_id))
  const lineage = section(page, 'Lineage')
  await expect(lineage).toContainText('Used from')
  await lineage.getByRole('button').filter({ hasText: 'captured' }).first().click()
  await expect(section(page, 'Identity')).not.toContainText(String(dependent.task_id))
  await expect(section(page, 'Lineage')).toContainText('Used by')
})

test('the record is copied whole', async ({ workbench }) => {
  const task = tasksOf('05_errors')[4] as Message
  const page = await workbench.open({ sources: [fixture('05_errors')], permissions: ['clipboard-read', 'clipboard-write'] })
  await choose(page, String(task.task_id))
  const copy = async (item: string): Promise<string> => {
    await inspector(page).getByRole('button', { name: 'Copy' }).click()
    await page.getByRole('menuitem', { name: item }).click()
    await expect(page.getByRole('region', { name: 'Notes' })).toContainText(/Copied the/)
    return page.evaluate(() => navigator.clipboard.readText())
  }
  expect(await copy('Copy the id')).toBe(task.task_id)
  expect(JSON.parse(await copy('Copy the record as JSON'))).toMatchObject({ task_id: task.task_id, used: task.used, generated: task.generated })
  expect(await copy('Copy the first message as it was read')).toBe(linesOf('05_errors').find((line) => (JSON.parse(line) as Message).task_id === task.task_id))
})

test('the inspector follows the cursor, closes and opens by key, and keeps its folds', async ({ workbench }) => {
  const tasks = tasksOf('05_errors')
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  await openTable(page)
  await expect(inspector(page)).toContainText('Nothing selected')
  await (await cellsOf(page, 'task_id')).first().click()
  await page.keyboard.press('ArrowDown')
  await expect(section(page, 'Identity')).toContainText(String(tasks[1]?.task_id))
  await section(page, 'Used').getByRole('button', { name: /^Used/ }).click()
  await page.keyboard.press('Control+i')
  await expect(inspector(page)).toBeHidden()
  await grid(page).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(inspector(page)).toBeVisible()
  await expect(section(page, 'Identity')).toContainText(String(tasks[2]?.task_id))
  await expect(section(page, 'Used').getByRole('button', { name: /^Used/ })).toHaveAttribute('aria-expanded', 'false')
})
