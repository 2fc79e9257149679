/** Watches: made of a filter, marked where they fire, told once, seen, kept over a reload. */
import { appendFileSync, copyFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { fixture, tasksOf } from './fixtures.ts'
import { expect, test } from './hosts.ts'
import { chip, expectCounts, filterBar, sourceRow, status } from './regions.ts'

const tasks = tasksOf('05_errors')
const failed = tasks.filter((task) => task['status'] === 'ERROR')
const dialog = (page: Page): Locator => page.getByRole('dialog')
const watchList = (page: Page): Locator => dialog(page).getByRole('list', { name: 'Watches' })

test('a template becomes a watch; it fires, marks its source, leads to its tasks, is seen, and survives a reload', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  await expectCounts(page, tasks.length, tasks.length)
  await status(page).getByRole('button', { name: 'No watches' }).click()
  await expectAccessible(page, 'no watches')
  await dialog(page).getByRole('button', { name: 'Any error' }).click()
  await expect(dialog(page).getByRole('status')).toContainText(`Would fire now: ${failed.length} of ${tasks.length} tasks of 05_errors.jsonl match now.`)
  await expectAccessible(page, 'the form')
  await dialog(page).getByRole('button', { name: 'Watch', exact: true }).click()
  const row = watchList(page).getByRole('listitem', { name: 'Any error' })
  await expect(row).toContainText(`${failed.length} of ${tasks.length} tasks match.`)
  await expect(row).toContainText('Firing')
  await expectAccessible(page, 'a watch that fires')
  await page.keyboard.press('Escape')
  await expect(page.getByText('Any error: 05_errors.jsonl', { exact: true })).toBeVisible()
  await expect(sourceRow(page, '05_errors').getByRole('img', { name: 'Watch fires: Any error' })).toBeVisible()
  await page.getByRole('button', { name: 'Show the tasks' }).click()
  await expect(chip(page, 'status = ERROR')).toBeVisible()
  await expectCounts(page, failed.length, tasks.length)
  await expect(page.getByRole('tab', { name: 'Table' })).toHaveAttribute('aria-selected', 'true')
  await page.reload()
  const bell = status(page).getByRole('button', { name: '1 watch fires', exact: true })
  await expect(bell).toBeVisible()
  // It was told already.
  await expect(page.getByText('Any error: 05_errors.jsonl', { exact: true })).toHaveCount(0)
  await bell.click()
  await row.getByRole('button', { name: 'Mark as seen' }).click()
  await expect(row).toContainText('Firing, seen')
  await page.keyboard.press('Escape')
  await expect(status(page).getByRole('button', { name: '1 watch fires, seen' })).toBeVisible()
  await expect(sourceRow(page, '05_errors').getByRole('img', { name: /Watch fires/ })).toHaveCount(0)
  await page.reload()
  await expect(status(page).getByRole('button', { name: '1 watch fires, seen' })).toBeVisible()
})

test('the filter of now is watched as the file grows', async ({ workbench }) => {
  const path = join(workbench.folder, 'grows.jsonl')
  copyFileSync(fixture('05_errors'), path)
  const page = await workbench.open({ sources: [path] })
  await expectCounts(page, tasks.length, tasks.length)
  await sourceRow(page, 'grows').click({ button: 'right' })
  await page.getByRole('menuitem', { name: /[Ff]ollow/ }).or(page.getByRole('menuitemcheckbox', { name: /[Ff]ollow/ })).click()
  await filterBar(page).getByRole('button', { name: 'Edit the filter as JSON' }).click()
  await page.getByRole('textbox', { name: 'Filter as JSON' }).fill('{"hostname": "new-host"}')
  await page.getByRole('button', { name: 'Apply filter' }).click()
  await filterBar(page).getByRole('button', { name: 'Watch this filter' }).click()
  await expect(dialog(page).getByRole('textbox', { name: 'Name' })).toHaveValue('hostname = new-host')
  await dialog(page).getByRole('combobox', { name: 'Condition' }).click()
  await dialog(page).getByRole('option', { name: 'their number', exact: true }).click()
  await dialog(page).getByRole('textbox', { name: 'Number of tasks' }).fill('many')
  await expect(dialog(page).getByRole('button', { name: 'Watch', exact: true })).toBeDisabled()
  await dialog(page).getByRole('textbox', { name: 'Number of tasks' }).fill('1')
  await expect(dialog(page).getByRole('status')).toContainText(`Would not fire now: 0 of ${tasks.length} tasks`)
  await dialog(page).getByRole('button', { name: 'Watch', exact: true }).click()
  await expect(watchList(page)).toContainText(`0 of ${tasks.length} tasks match; it fires above 1.`)
  const line = (id: string): string => `${JSON.stringify({ ...tasks[0], task_id: id, hostname: 'new-host' })}\n`
  appendFileSync(path, line('n1'))
  await expect(watchList(page)).toContainText(`1 of ${tasks.length + 1} tasks matches; it fires above 1.`)
  appendFileSync(path, line('n2'))
  await expect(watchList(page).getByRole('listitem')).toContainText('Firing')
  await expect(watchList(page)).toContainText('First: n1, n2')
  await watchList(page).getByRole('button', { name: 'Remove hostname = new-host' }).click()
  await expect(dialog(page)).toContainText('Nothing is watched.')
})
