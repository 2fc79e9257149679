/** Saved views, undoing, and coming back: what a person narrows and arranges is kept, shared, taken back and found again. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expectAccessible } from './accessible.ts'
import { fixture, tasksOf } from './fixtures.ts'
import { openTable } from './grid.ts'
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './hosts.ts'
import { expectCounts, sourceRow, status } from './regions.ts'

const tasks = tasksOf('05_errors').length
const failed = tasksOf('05_errors').filter((task) => task['status'] === 'ERROR').length
const notes = (page: Page): Locator => page.getByRole('region', { name: 'Notes' })
const errors = { sources: [fixture('05_errors')] }

test('a view is saved, counted, shown again, renamed, updated and deleted', async ({ workbench }) => {
  const page = await workbench.open(errors)
  await expect(status(page)).toContainText('Loaded')
  await openTable(page)
  await page.getByRole('button', { name: 'Search, go to a task id' }).click()
  await page.getByRole('combobox').fill('status = ERROR')
  await page.getByRole('option', { name: /Filter: status = ERROR/ }).click()
  await expectCounts(page, failed, tasks)

  await page.keyboard.press('Control+s')
  const dialog = page.getByRole('dialog', { name: 'Save as a view' })
  await expect(dialog.getByRole('textbox', { name: 'Name of the view' })).toHaveValue('status = ERROR')
  await dialog.getByRole('textbox', { name: 'Name of the view' }).fill('Failed')
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  const views = page.getByRole('region', { name: /^Saved views/ })
  const row = views.getByRole('button', { name: /^Failed/ })
  await expect(row).toContainText(String(failed))

  await page.getByRole('button', { name: /^Remove status = ERROR/ }).click()
  await expectCounts(page, tasks, tasks)
  await row.click()
  await expectCounts(page, failed, tasks)
  await page.keyboard.press('Control+z')
  await expectCounts(page, tasks, tasks)
  await expect(notes(page).getByText('Undone: applied “Failed”')).toBeVisible()
  await page.keyboard.press('Control+Shift+Z')
  await expectCounts(page, failed, tasks)

  await views.getByRole('button', { name: 'Actions for the view Failed' }).click()
  await page.getByRole('menuitem', { name: /^Rename/ }).click()
  await page.getByRole('dialog', { name: 'Rename the view' }).getByRole('textbox').fill('Broken')
  await page.keyboard.press('Enter')
  await expect(views.getByRole('button', { name: /^Broken/ })).toBeVisible()
  await views.getByRole('button', { name: 'Actions for the view Broken' }).click()
  await page.getByRole('menuitem', { name: /^Delete/ }).click()
  await page.getByRole('dialog', { name: 'Delete “Broken”?' }).getByRole('button', { name: 'Delete the view' }).click()
  await expect(views.getByRole('button', { name: /^Broken/ })).toHaveCount(0)
})

test('a view from a file says what it is, fits as far as it can, and one that is none is refused', async ({ workbench }) => {
  const page = await workbench.open(errors)
  await expect(status(page)).toContainText('Loaded')
  const bring = async (name: string, text: string): Promise<void> => {
    await writeFile(join(workbench.folder, name), text)
    await page.getByRole('button', { name: 'Views: save, show, share' }).click()
    await page.getByRole('menuitem', { name: /^Open a view/ }).click()
    await page.getByLabel('File of a view').setInputFiles(join(workbench.folder, name))
  }
  const view = { view: 'table', chips: [{ filter: { status: 'ERROR' } }], table: { sort: [{ column: 'used.nowhere' }], groupBy: null }, fromTheFuture: true }
  await bring('a.provscope-view.json', JSON.stringify({ provscopeView: 1, name: 'From elsewhere', view }))
  const offer = page.getByRole('dialog', { name: 'Show “From elsewhere”?' })
  await expect(offer).toContainText('status = ERROR')
  await expect(offer).toContainText('view.fromTheFuture')
  await expectAccessible(page, 'a view that was brought')
  await offer.getByRole('button', { name: 'Show the view' }).click()
  await expect(offer).toBeHidden()
  await expectCounts(page, failed, tasks)
  await expect(notes(page).getByText('It has no used.nowhere.')).toBeVisible()
  await bring('b.provscope-view.json', JSON.stringify({ provscopeView: 1, name: 'x', view: { chips: [{ filter: { $where: 'x' } }] } }))
  await expect(page.getByRole('dialog', { name: 'This is no view' })).toContainText('$where')
})

test.describe('in a browser', () => {
  test.skip(({ hostName }) => hostName === 'desktop', 'The desktop shares by its own dialogs.')

  test('a view is shared as a file and as a link without the key', async ({ workbench }) => {
    const page = await workbench.open({ ...errors, permissions: ['clipboard-read', 'clipboard-write'] })
    await expect(status(page)).toContainText('Loaded')
    const menu = page.getByRole('button', { name: 'Views: save, show, share' })
    await menu.click()
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: /^Share this view as a file/ }).click()])
    expect(file.suggestedFilename()).toBe('All tasks.provscope-view.json')
    expect(JSON.parse(await readFile(await file.path(), 'utf8'))).toMatchObject({ provscopeView: 1, name: 'All tasks' })
    await menu.click()
    await page.getByRole('menuitem', { name: /^Copy link/ }).click()
    await expect(notes(page).getByText('The link was copied')).toBeVisible()
    const link = await page.evaluate(() => navigator.clipboard.readText())
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#\/saved\?data=/)
    expect(link).not.toContain('token')
    await page.evaluate((address) => { location.href = address }, link)
    const offer = page.getByRole('dialog', { name: 'Show “All tasks”?' })
    await expect(offer).toBeVisible()
    expect(page.url()).not.toContain('saved?')
    await page.keyboard.press('Escape')
    await expect(offer).toBeHidden()
  })

  test('a server that is started again has what was open, and the page shows it as it was', async ({ workbench }) => {
    const page = await workbench.open()
    await page.getByRole('button', { name: /^Open the sample/ }).click()
    await expect(sourceRow(page, 'weather_stations.jsonl')).toBeVisible()
    await openTable(page)
    const kept = page.waitForResponse((response) => /"session\.keep".*search=station/.test(response.request().postData() ?? ''))
    await page.getByRole('searchbox', { name: 'Search text' }).fill('station')
    await kept
    await expect(page).toHaveURL(/#\/table\?.*search=station/)
    await page.reload()
    await expect(page.getByRole('searchbox', { name: 'Search text' })).toHaveValue('station')
    await expect(page.getByRole('tab', { name: 'Table', selected: true })).toBeVisible()
    await page.close()
    await workbench.endServers()
    const view = join(workbench.folder, 'named.provscope-view.json')
    await writeFile(view, JSON.stringify({ provscopeView: 1, name: 'Named', view: {} }))
    const again = await workbench.open({ sources: [view] })
    await again.getByRole('dialog', { name: 'Show “Named”?' }).getByRole('button', { name: 'Close' }).click()
    await expect(sourceRow(again, 'weather_stations.jsonl')).toBeVisible()
    await expect(again.getByRole('searchbox', { name: 'Search text' })).toHaveValue('station')
    await expect(again.getByRole('tab', { name: 'Table', selected: true })).toBeVisible()
  })
})

test('about says what runs, and which licences it is under', async ({ workbench }) => {
  const page = await workbench.open()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('about')
  await page.getByRole('option', { name: /About Provscope/ }).click()
  const dialog = page.getByRole('dialog', { name: 'About Provscope' })
  await expect(dialog).toContainText('DuckDB')
  await dialog.getByRole('textbox', { name: 'Find a package or licence' }).fill('zod')
  await dialog.getByRole('button', { name: /^zod/ }).click()
  await expect(dialog.getByText(/Permission is hereby granted/)).toBeVisible()
  await expectAccessible(page, 'about')
})
