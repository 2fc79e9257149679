/** A large buffer while it is read: first rows at once, progress, stopping, reading on. */
import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { cell, grid, header, openTable } from './grid.ts'
import { expect, test } from './hosts.ts'
import { grouped, sourceRow, status } from './regions.ts'

test.skip(({ hostName }) => hostName === 'desktop', 'The desktop asks for the file in a dialog of the system.')

/** A buffer of so many tasks, about 660 bytes each. */
async function writeBuffer(path: string, tasks: number): Promise<void> {
  const file = createWriteStream(path)
  for (let i = 0; i < tasks; i++) {
    const start = 1795406558 + i * 0.01
    const line = {
      type: 'task',
      task_id: `task-${i}`,
      activity_id: `step_${i % 7}`,
      workflow_id: `workflow-${i % 3}`,
      campaign_id: 'large',
      status: i % 50 === 0 ? 'ERROR' : 'FINISHED',
      started_at: start,
      ended_at: start + (i % 13) / 10,
      hostname: `node-${i % 4}`,
      used: { i, rate: (i % 997) / 997, name: `input ${i}`, text: 'x'.repeat(120) },
      generated: { loss: 1 / (i + 1), labels: ['a', 'b', i % 5], model: { depth: i % 9, width: i % 11 } },
      telemetry_at_end: { cpu: { percent_all: i % 100, times_avg: { user: i / 10, system: i / 100 } }, memory: { virtual: { used: 1e9 + i } } }
    }
    if (!file.write(`${JSON.stringify(line)}\n`)) await once(file, 'drain')
  }
  file.end()
  await once(file, 'finish')
}

/** From the page, so that reading begins when somebody looks. */
async function openFile(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+o')
  const dialog = page.getByRole('dialog', { name: /^Open files on/ })
  await dialog.getByRole('checkbox', { name: `Choose ${name}` }).click()
  await dialog.getByRole('button', { name: `Open ${name}` }).click()
}

test('first rows show while the rest is read; it can be stopped, explored in part, and read on', async ({ workbench }) => {
  test.slow()
  test.setTimeout(300_000)
  const tasks = 400_000
  const path = join(workbench.folder, 'large.jsonl')
  await writeBuffer(path, tasks)
  const page = await workbench.open()
  await openFile(page, 'large.jsonl')
  await expect(status(page)).toContainText('Reading')
  await expect(page.getByRole('main').getByRole('progressbar', { name: 'Reading large.jsonl' })).toBeVisible()
  await openTable(page)
  await expect(await cell(page, 1, 'task_id')).toHaveText('task-0')
  await expect(status(page)).toContainText('so far')
  await page.getByRole('button', { name: 'Stop here' }).click()
  const strip = page.getByRole('status').filter({ hasText: 'Counts and exports are of what was read.' })
  await expect(strip).toBeVisible()
  await expect(strip).toContainText(/First [\d,]+ tasks; .* of the file read/)
  const part = Number(/First ([\d,]+) tasks/.exec((await strip.textContent()) ?? '')?.[1]?.replaceAll(',', ''))
  expect(part).toBeLessThan(tasks)
  await expect(status(page)).toContainText(`${grouped(part)} of ${grouped(part)} tasks`)
  // The part is whole in itself: sorted and read to its last row.
  await openTable(page)
  if (part > 0) {
    await grid(page).focus()
    await page.keyboard.press('Control+End')
    await expect(await cell(page, part, 'task_id')).toHaveText(`task-${part - 1}`)
  }
  await page.getByRole('button', { name: 'Read the rest' }).click()
  await expect(strip).toBeHidden()
  await expect(status(page)).toContainText(`${grouped(tasks)} of ${grouped(tasks)} tasks`, { timeout: 200_000 })
  await expect(status(page)).toContainText('Loaded', { timeout: 60_000 })
  await expect(page.getByRole('progressbar')).toHaveCount(0)
  await expect(sourceRow(page, 'large.jsonl')).toContainText(grouped(tasks))
  await header(page, 'duration').getByText('duration').click()
  await header(page, 'duration').getByText('duration').click()
  await page.keyboard.press('Control+Home')
  await expect(await cell(page, 1, 'duration')).toHaveText(/^1\.2/)
})

test('a source can be closed while it is read', async ({ workbench }) => {
  test.slow()
  const path = join(workbench.folder, 'large.jsonl')
  await writeBuffer(path, 120_000)
  const page = await workbench.open()
  await openFile(page, 'large.jsonl')
  await expect(status(page)).toContainText('Reading')
  await page.getByRole('button', { name: 'Actions for large.jsonl' }).click()
  await page.getByRole('menuitem', { name: /^Close/ }).click()
  await expect(page.getByRole('heading', { name: 'Open provenance' })).toBeVisible()
})
