/** The view as code: shown, remembered and copied, by keyboard alone. */
import { expectAccessible } from './accessible.ts'
import { fixture } from './fixtures.ts'
import { openTable } from './grid.ts'
import { expect, test } from './hosts.ts'

test.skip(({ hostName }) => hostName === 'desktop', 'The clipboard of the system is not for tests.')

test('the filtered view is copied as code of a language that is remembered', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')], permissions: ['clipboard-read', 'clipboard-write'] })
  await openTable(page)
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('status = ERROR')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('combobox')).toHaveCount(0)
  await page.keyboard.press('Control+Shift+E')
  const dialog = page.getByRole('dialog', { name: 'Copy as code' })
  await expect(dialog.getByLabel('Code')).toContainText('df["status"] == "ERROR"')
  await expect(dialog).toContainText('Needs pandas.')
  await dialog.getByRole('tab', { name: 'pandas' }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(dialog.getByLabel('Code')).toContainText(`WHERE r."status" = 'ERROR'`)
  await expectAccessible(page, 'copy as code')
  await dialog.getByRole('button', { name: 'Copy' }).press('Enter')
  await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toContain('import duckdb')
  expect(await dialog.getByLabel('Code').textContent()).toBe(copied)
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)

  await page.keyboard.press('Control+Shift+E')
  await expect(dialog.getByRole('tab', { name: 'DuckDB', selected: true })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('Copy the view as provscope')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: 'Notes' })).toContainText('Copied as provscope')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^provscope query .* --filter '\{"status":"ERROR"\}'/)
})
