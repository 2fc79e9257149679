/** The SQL console: written with completion, run, its mistakes shown, explained, exported, remembered. */
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { fixture, tasksOf } from './fixtures.ts'
import { expect, test } from './hosts.ts'

const tasks = tasksOf('05_errors')
const failed = tasks.filter(({ status }) => status === 'ERROR')
const editorOf = (page: Page) => page.getByRole('textbox', { name: 'SQL statement' })
const gridOf = (page: Page) => page.getByRole('grid', { name: /^Result/ })

async function openConsole(page: Page): Promise<void> {
  await expect(page.getByRole('contentinfo')).toContainText('Loaded')
  await page.getByRole('tab', { name: 'SQL' }).click()
  await expect(page.getByRole('treeitem', { name: /^task_id/ })).toBeVisible()
}

async function write(page: Page, text: string): Promise<void> {
  await editorOf(page).click()
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText(text)
  await expect(editorOf(page)).toHaveText(text)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+Enter')
}

test('a statement is completed, run and sorted, its row opened', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  await openConsole(page)
  await editorOf(page).click()
  await page.keyboard.type('SELECT task_id, stat')
  const choices = page.getByRole('listbox', { name: 'Completions' })
  await expect(choices.getByRole('option', { name: /^status/ })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Tab')
  await expect(editorOf(page)).toHaveText('SELECT task_id, status')
  await page.keyboard.type(" FROM tasks WHERE status = 'ER")
  await expect(choices.getByRole('option', { name: /^ERROR/ })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Tab')
  await expect(editorOf(page)).toHaveText("SELECT task_id, status FROM tasks WHERE status = 'ERROR'")
  // Letters of the statement are no shortcuts.
  await expect(page.getByRole('tab', { name: 'SQL' })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(`${failed.length} of ${tasks.length} tasks scanned`)).toBeVisible()
  await expect(gridOf(page)).toHaveAttribute('aria-rowcount', String(failed.length + 1))

  const ids = failed.map(({ task_id }) => String(task_id)).toSorted()
  await gridOf(page).getByRole('columnheader', { name: /task_id/ }).click()
  await expect(gridOf(page).getByRole('columnheader', { name: /task_id/ })).toHaveAttribute('aria-sort', 'ascending')
  await expect(gridOf(page).getByRole('gridcell').first()).toHaveText(ids[0] ?? '')
  await gridOf(page).getByRole('gridcell').first().dblclick()
  await expect(page.getByRole('complementary', { name: 'Inspector' })).toContainText(ids[0] ?? '')

  await expectAccessible(page, 'a result')
})

test('what ran is remembered, what is saved kept by its name; a reload loses nothing', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  await openConsole(page)
  await write(page, "SELECT task_id, status FROM tasks WHERE status = 'ERROR'")
  await expect(gridOf(page)).toHaveAttribute('aria-rowcount', String(failed.length + 1))
  await page.getByRole('radio', { name: /^History/ }).click()
  await page.getByRole('button', { name: 'New query' }).click()
  await expect(editorOf(page)).toHaveText('SELECT … FROM tasks')
  await page.getByRole('region', { name: 'Queries' }).getByRole('button', { name: /SELECT task_id/ }).click()
  await expect(editorOf(page)).toHaveText("SELECT task_id, status FROM tasks WHERE status = 'ERROR'")
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('textbox', { name: 'Name of the query' }).fill('Failed ones')
  await page.keyboard.press('Enter')
  await page.getByRole('radio', { name: /^Saved/ }).click()
  await expect(page.getByRole('button', { name: /^Failed ones/ })).toBeVisible()
  await expect(page.getByRole('dialog', { name: 'Save the query' })).toHaveCount(0)
  await expect.poll(() => readFile(`${workbench.configFolder}/state.json`, 'utf8').catch(() => '')).toContain('Failed ones')
  await page.reload()
  await expect(editorOf(page)).toHaveText("SELECT task_id, status FROM tasks WHERE status = 'ERROR'")
})

test('a mistake is shown where it stands; the plan and the chart are a click away', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')], theme: 'dark', size: { width: 1024, height: 768 } })
  await openConsole(page)
  await expect(page.getByRole('button', { name: 'Duration by activity' })).toBeVisible()
  await write(page, 'SELECT activity_idd FROM tasks')
  await expect(page.getByRole('alert')).toContainText('Line 1, column 8: tasks has no column activity_idd; near: activity_id.')
  await expect(page.locator('.cm-mistake')).toHaveText('activity_idd')
  await write(page, 'DROP TABLE tasks')
  await expect(page.getByRole('alert')).toContainText('Only SELECT can be run here')
  await write(page, 'SELECT activity_id, count(*) AS n FROM tasks GROUP BY ALL ORDER BY n DESC, activity_id')
  const activities = new Set(tasks.map(({ activity_id }) => activity_id))
  await expect(gridOf(page)).toHaveAttribute('aria-rowcount', String(activities.size + 1))
  await page.getByRole('radio', { name: 'Chart' }).click()
  await expect(page.getByRole('img', { name: /^n by activity_id/ })).toBeVisible()
  await page.getByRole('radio', { name: 'Plan' }).click()
  await expect(page.getByRole('cell', { name: 'seq scan' })).toBeVisible()
  await page.getByRole('button', { name: 'Run and measure' }).click()
  await expect(page.getByRole('columnheader', { name: 'Time' })).toBeVisible()
  await expectAccessible(page, 'a plan')
})

test('a result is exported as it is sorted', async ({ hostName, workbench }) => {
  test.skip(hostName === 'desktop', 'The desktop asks for the place in a dialog of the system.')
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  await openConsole(page)
  await write(page, `SELECT task_id, status FROM tasks`)
  await expect(gridOf(page)).toHaveAttribute('aria-rowcount', String(tasks.length + 1))
  await gridOf(page).getByRole('columnheader', { name: /task_id/ }).click()
  await expect(gridOf(page).getByRole('columnheader', { name: /task_id/ })).toHaveAttribute('aria-sort', 'ascending')
  await page.getByRole('button', { name: `Export ${tasks.length} rows` }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'CSV' }).click()
  const file = await download
  expect(file.suggestedFilename()).toBe('05_errors-query.csv')
  const lines = tasks.map(({ status, task_id }) => `${String(task_id)},${String(status)}`).toSorted()
  expect(await readFile(await file.path(), 'utf8')).toBe(['task_id,status', ...lines].map((line) => `${line}\n`).join(''))
})
