/** Provenance and reports from the dialog: about what is shown, a run, or the lineage of what is pointed at. */
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { fixture, tasksOf } from './fixtures.ts'
import { openTable, row } from './grid.ts'
import { expect, test } from './hosts.ts'
import { expectCounts, tree } from './regions.ts'

test.skip(({ hostName }) => hostName === 'desktop', 'The desktop asks for the place in a dialog of the system.')

const tasks = tasksOf('02_pipeline')
const dialogOf = (page: Page) => page.getByRole('dialog', { name: /^Save as/ })

async function saved(page: Page): Promise<{ name: string; bytes: Buffer }> {
  const download = page.waitForEvent('download')
  await dialogOf(page).getByRole('button', { name: /^Write and download/ }).click()
  const file = await download
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) }
}

type Prov = { prefix: Record<string, string>; activity?: Record<string, unknown>; entity?: Record<string, unknown>; used?: Record<string, unknown> }
const parsed = (bytes: Buffer): Prov => JSON.parse(bytes.toString('utf8')) as Prov

test('PROV-JSON of what is shown, and of the lineage of the chosen task', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('02_pipeline')] })
  await openTable(page)
  await expectCounts(page, tasks.length, tasks.length)
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('Save as PROV-JSON')
  await page.keyboard.press('Enter')
  await expect(dialogOf(page).getByRole('radio', { name: /^Lineage of a task/ })).toBeDisabled()
  const all = await saved(page)
  expect(all.name).toBe('02_pipeline.prov.json')
  const whole = JSON.stringify(parsed(all.bytes).activity)
  for (const { task_id: id } of tasks) expect(whole).toContain(String(id))
  await page.keyboard.press('Escape')
  await expect(dialogOf(page)).toBeHidden()

  await row(page, 1).getByRole('rowheader').click()
  await page.keyboard.press('Control+e')
  await dialogOf(page).getByRole('radio', { name: /^Lineage of a task/ }).click()
  await dialogOf(page).getByRole('radio', { name: 'What led to it' }).click()
  await expect(dialogOf(page).getByRole('region', { name: 'Document' })).toContainText('The lineage has')
  await expectAccessible(page, 'the dialog on a document')
  const lineage = parsed((await saved(page)).bytes)
  expect(Object.keys(lineage.activity ?? {}).length).toBeLessThan(Object.keys(parsed(all.bytes).activity ?? {}).length)
})

test('a run is saved from the navigator’s menu, as a page that needs no network and as a crate', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('02_pipeline')] })
  await expectCounts(page, tasks.length, tasks.length)
  await tree(page).getByRole('treeitem', { level: 2 }).first().click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Save its provenance or a report…' }).click()
  await expect(dialogOf(page).getByRole('radio', { name: 'A workflow' })).toBeChecked()
  await dialogOf(page).getByRole('radio', { name: /^HTML report / }).click()
  const html = (await saved(page)).bytes.toString('utf8')
  expect(html).toMatch(/^<!doctype html>/i)
  expect(html).not.toMatch(/(?:src|href)="https?:/)
  await dialogOf(page).getByRole('radio', { name: /^RO-Crate / }).click()
  expect((await saved(page)).bytes.subarray(0, 2).toString('latin1')).toBe('PK')
  await dialogOf(page).getByRole('radio', { name: /^Workflow Card / }).click()
  expect((await saved(page)).bytes.toString('utf8')).toMatch(/^# /m)
})
