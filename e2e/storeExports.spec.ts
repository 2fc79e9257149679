/** What is shown into a store: counted by a dry run, written, read back; the second time there is nothing to write. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { countBy, fixture, tasksOf } from './fixtures.ts'
import { expect, test } from './hosts.ts'
import { expectCounts } from './regions.ts'
import { useMongo } from './servers.ts'

const tasks = tasksOf('05_errors')
const failed = countBy(tasks.map(({ status }) => status))['ERROR'] ?? 0
const dialogOf = (page: Page) => page.getByRole('dialog', { name: /^Export/ })
const button = (page: Page, name: string | RegExp) => dialogOf(page).getByRole('button', { name })

async function openOn(page: Page, destination: string): Promise<void> {
  await expectCounts(page, tasks.length, tasks.length)
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill(`Export to ${destination}`)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: `Export to ${destination}` })).toBeVisible()
}

test.describe('into MongoDB', () => {
  test.skip(({ hostName }) => hostName === 'desktop', 'The desktop has no manifest to download.')
  const mongo = useMongo()

  test('a filter is written, then the whole source: only what is new; then nothing', async ({ workbench }) => {
    test.slow()
    const page = await workbench.open({ sources: [fixture('05_errors')] })
    await expectCounts(page, tasks.length, tasks.length)
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('status = ERROR')
    await page.keyboard.press('Enter')
    await expectCounts(page, failed, tasks.length)
    await page.keyboard.press('Control+e')
    await dialogOf(page).getByRole('radio', { name: /^MongoDB / }).click()
    await expect(button(page, /^Dry run of/)).toBeDisabled()
    await dialogOf(page).getByRole('textbox', { name: 'Address of MongoDB' }).fill(mongo().uri)
    await dialogOf(page).getByRole('textbox', { name: 'Database' }).fill('taken_out')
    await expect(dialogOf(page).getByRole('region', { name: 'Store' })).toContainText('new, empty')
    await button(page, `Dry run of ${failed} tasks`).click()
    await expect(button(page, `Write ${failed} tasks and 1 workflow`)).toBeVisible()
    const db = await mongo().db('taken_out')
    expect(await db.collection('tasks').countDocuments()).toBe(0)
    await button(page, `Write ${failed} tasks and 1 workflow`).click()
    await expect(dialogOf(page).getByRole('region', { name: 'Result' })).toContainText('read back and equal')
    expect(await db.collection('tasks').countDocuments({ status: 'ERROR' })).toBe(failed)
    expect(await db.collection('workflows').countDocuments()).toBe(1)
    const download = page.waitForEvent('download')
    await button(page, /^Download manifest of taken_out/).click()
    expect(await readFile(await (await download).path(), 'utf8')).toContain('"filter"')

    await dialogOf(page).getByRole('radio', { name: /^Whole source/ }).click()
    await button(page, `Dry run of ${tasks.length} tasks`).click()
    await button(page, `Write ${tasks.length - failed} tasks`).click()
    await expect(dialogOf(page).getByRole('region', { name: 'Result' })).toContainText('read back and equal')
    expect(await db.collection('tasks').countDocuments()).toBe(tasks.length)
    await button(page, `Dry run of ${tasks.length} tasks`).click()
    await expect(button(page, 'Nothing to write')).toBeDisabled()
    await expect(dialogOf(page).getByRole('region', { name: 'Dry run' })).toContainText(/^Dry runnothing written.*Run again0new0changed/)

    // A task that the store has otherwise is told by field, with what is there.
    await db.collection('tasks').updateOne({ task_id: String(tasks[0]?.task_id) }, { $set: { activity_id: 'renamed there' } })
    await button(page, 'Run again').click()
    await expect(dialogOf(page).getByRole('row', { name: /^activity_id 1 renamed there/ })).toBeVisible()
    await expect(button(page, 'Write 1 task')).toBeEnabled()
    await expectAccessible(page, 'a dry run')
  })

  test('a server that does not answer is said in place', async ({ workbench }) => {
    const page = await workbench.open({ sources: [fixture('05_errors')] })
    await openOn(page, 'MongoDB')
    await dialogOf(page).getByRole('textbox', { name: 'Address of MongoDB' }).fill('mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=500')
    await expect(dialogOf(page).getByRole('region', { name: 'Store' }).getByRole('alert')).toBeVisible({ timeout: 20_000 })
  })
})

test('into a new LMDB folder, which is opened as a source', async ({ workbench, hostName }) => {
  test.skip(hostName === 'desktop', 'The desktop asks for the place in a dialog of the system.')
  test.slow()
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  await openOn(page, 'LMDB')
  await button(page, 'Choose a folder…').click()
  const place = page.getByRole('dialog', { name: 'Choose an LMDB folder to write' })
  await place.getByRole('textbox', { name: 'Name of the folder' }).fill('out_lmdb')
  await place.getByRole('button', { name: 'Make out_lmdb' }).click()
  await expect(dialogOf(page).getByRole('region', { name: 'Store' })).toContainText('new folder')
  await button(page, /^Dry run of/).click()
  await expect(button(page, `Write ${tasks.length} tasks and 1 workflow`)).toBeVisible()
  await expect(stat(join(workbench.folder, 'out_lmdb', 'data.mdb'))).rejects.toThrow('ENOENT')
  await button(page, `Write ${tasks.length} tasks and 1 workflow`).click()
  await expect(dialogOf(page).getByRole('region', { name: 'Result' })).toContainText('read back and equal')
  const copy = await workbench.open({ sources: [join(workbench.folder, 'out_lmdb')] })
  await expectCounts(copy, tasks.length, tasks.length)
})
