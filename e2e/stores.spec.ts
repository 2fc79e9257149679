/** Stores as sources: an LMDB folder found and opened, a MongoDB database by its address, objects with their versions and bytes. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Page } from '@playwright/test'
import { GridFSBucket } from 'mongodb'
import { cell, openTable } from './grid.ts'
import { expect, root, test } from './hosts.ts'
import { expectCounts, inspector, sourceRow, status } from './regions.ts'
import { useMongo } from './servers.ts'

const lmdbFixture = join(root, 'src', 'testing', 'fixtures', 'lmdb', 'mixed')
const truth = async (): Promise<{ count_tasks: number }> => JSON.parse(await readFile(join(root, 'src', 'testing', 'fixtures', 'truth', 'lmdb', 'mixed.json'), 'utf8')) as { count_tasks: number }
const storeDialog = (page: Page) => page.getByRole('dialog', { name: /^Open a store/ })
const versions = (page: Page) => inspector(page).getByRole('listitem').filter({ hasText: /^Version/ })

async function showObjects(page: Page): Promise<void> {
  await openTable(page)
  await page.getByRole('radio', { name: 'Objects' }).click()
  await (await cell(page, 1, 'object_id')).click()
  await expect(inspector(page).getByRole('button', { name: /^Versions/ })).toBeVisible()
}

test.describe('an LMDB folder', () => {
  test.skip(({ hostName }) => hostName === 'desktop', 'The desktop shows its own folder dialogs.')

  test('is recognised, opened with all its tasks, and come back to from the recents', async ({ workbench }) => {
    test.slow()
    const { count_tasks: tasks } = await truth()
    await cp(lmdbFixture, join(workbench.folder, 'flowcept_lmdb'), { recursive: true })
    await mkdir(join(workbench.folder, 'no database'))
    const page = await workbench.open()
    await page.getByRole('button', { name: /^Open a store/ }).click()
    const folder = storeDialog(page).getByRole('button', { name: /^flowcept_lmdb LMDB/ })
    await expect(folder).toBeVisible()
    await expect(storeDialog(page).getByRole('button', { name: /^no database(?! LMDB)/ })).toBeVisible()
    await folder.click()
    await storeDialog(page).getByRole('button', { name: 'Open flowcept_lmdb' }).click()
    await expect(storeDialog(page)).toBeHidden()
    await expectCounts(page, tasks, tasks)
    // What was closed while it was read is not remembered.
    await expect(status(page)).toContainText('Loaded')
    await page.getByRole('button', { name: 'Actions for flowcept_lmdb/' }).click()
    await page.getByRole('menuitem', { name: /^Close/ }).click()
    await page.getByRole('list', { name: 'Recent sources' }).getByRole('button', { name: /^flowcept_lmdb/ }).click()
    await expectCounts(page, tasks, tasks)
  })

  test('is also found where a folder is opened', async ({ workbench }) => {
    const { count_tasks: tasks } = await truth()
    await cp(lmdbFixture, join(workbench.folder, 'flowcept_lmdb'), { recursive: true })
    const page = await workbench.open()
    await page.keyboard.press('Control+Shift+O')
    const dialog = page.getByRole('dialog', { name: /^Open a folder/ })
    await dialog.getByRole('button', { name: /^flowcept_lmdb LMDB/ }).click()
    await dialog.getByRole('button', { name: 'Open flowcept_lmdb' }).click()
    await expectCounts(page, tasks, tasks)
  })

  test('that is none says so', async ({ workbench }) => {
    await mkdir(join(workbench.folder, 'broken'))
    await writeFile(join(workbench.folder, 'broken', 'data.mdb'), 'not a database at all'.repeat(1000))
    const page = await workbench.open()
    await page.keyboard.press('Control+d')
    await storeDialog(page).getByRole('button', { name: /^broken LMDB/ }).dblclick()
    await expect(page.getByRole('alert').filter({ hasText: /LMDB/ })).toBeVisible()
  })
})

test('of an object in a buffer, it is said why there are no bytes', async ({ workbench }) => {
  const path = join(workbench.folder, 'objects.jsonl')
  const lines = [{ type: 'task', task_id: 't1', workflow_id: 'w', activity_id: 'train', status: 'FINISHED' }, { type: 'object', object_id: 'model-7', object_type: 'ml_model', task_id: 't1', workflow_id: 'w', object_size_bytes: 4096, version: 3 }]
  await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const page = await workbench.open({ sources: [path] })
  await showObjects(page)
  await expect(inspector(page)).toContainText('not their bytes')
  await expect(versions(page)).toHaveCount(1)
  await expect(versions(page).first()).toContainText('Version 3')
  await expect(inspector(page).getByRole('button', { name: /^Download/ })).toHaveCount(0)
})

test.describe('a MongoDB database', () => {
  const mongo = useMongo()
  const database = 'flowcept_e2e'
  // Not a whole number of GridFS's pieces.
  const large = Buffer.from(Array.from({ length: 700_001 }, (_, index) => (index * 31) % 251))
  test.beforeAll(async () => {
    test.setTimeout(120_000)
    const db = await mongo().db(database)
    const upload = new GridFSBucket(db).openUploadStream('model')
    await pipeline(Readable.from([large]), upload)
    await db.collection('tasks').insertMany(['a', 'b', 'c'].map((id, index) => ({ task_id: id, activity_id: 'train', workflow_id: 'w', status: 'FINISHED', used: { lr: index }, started_at: new Date(1.7e12 + index * 1000), ended_at: new Date(1.7e12 + index * 1000 + 500) })))
    const shared = { object_id: 'model-1', object_type: 'ml_model', task_id: 'a', workflow_id: 'w', custom_metadata: { net: 'small' } }
    await db.collection('objects').insertOne({ ...shared, version: 1, grid_fs_file_id: upload.id, object_size_bytes: large.length })
    await db.collection('object_history').insertOne({ ...shared, version: 0, data: Buffer.from('first'), object_size_bytes: 5 })
  })

  test('is opened by its address, and come back to from the recents', async ({ workbench }) => {
    test.slow()
    const page = await workbench.open()
    await page.keyboard.press('Control+d')
    await storeDialog(page).getByRole('radio', { name: 'MongoDB' }).click()
    await storeDialog(page).getByRole('textbox', { name: 'URI of the database' }).fill(`${mongo().uri}${database}`)
    await page.keyboard.press('Enter')
    await expectCounts(page, 3, 3)
    await expect(status(page)).toContainText('Loaded')
    await page.getByRole('button', { name: /^Actions for flowcept_e2e/ }).click()
    await page.getByRole('menuitem', { name: /^Close/ }).click()
    const recent = page.getByRole('list', { name: 'Recent sources' }).getByRole('listitem')
    await expect(recent).toContainText('mongodb://')
    await expect(recent).toContainText('Not tried')
    await recent.getByRole('button', { name: /^flowcept_e2e/ }).click()
    await expectCounts(page, 3, 3)
  })

  test('an address that is none is refused where it is typed', async ({ workbench }) => {
    const page = await workbench.open()
    await page.keyboard.press('Control+d')
    await storeDialog(page).getByRole('radio', { name: 'MongoDB' }).click()
    await storeDialog(page).getByRole('textbox', { name: 'URI of the database' }).fill('db03:27017')
    await storeDialog(page).getByRole('button', { name: 'Open the database' }).click()
    await expect(storeDialog(page).getByRole('alert')).toContainText('mongodb://')
  })

  test('has every version of an object, each with its bytes', async ({ workbench }) => {
    test.slow()
    test.skip(workbench.host === 'desktop', 'The desktop asks for the place in a dialog of the system.')
    const page = await workbench.open({ sources: [`${mongo().uri}${database}`] })
    await expect(sourceRow(page, database)).toBeVisible()
    await expectCounts(page, 3, 3)
    await showObjects(page)
    await expect(versions(page)).toHaveCount(2)
    await expect(versions(page).nth(0)).toContainText('700 KB')
    await expect(versions(page).nth(0)).toContainText('GridFS')
    await expect(versions(page).nth(1)).toContainText('in the document')
    for (const [version, bytes] of [['1', large], ['0', Buffer.from('first')]] as const) {
      const download = page.waitForEvent('download')
      await inspector(page).getByRole('button', { name: `Download version ${version}` }).click()
      const file = await download
      expect(file.suggestedFilename()).toBe(`model-1-v${version}`)
      expect((await readFile(await file.path())).equals(bytes)).toBe(true)
    }
  })
})
