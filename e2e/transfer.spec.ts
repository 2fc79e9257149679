/** Records from one store to another: counted by a dry run, written, read back; the second time there is nothing to write. */
import { cp, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, root, test } from './hosts.ts'
import { expectCounts, status } from './regions.ts'
import { useMongo } from './servers.ts'

const fixtures = join(root, 'src', 'testing', 'fixtures')
const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Transfer between stores' })
type Truth = { count_tasks: number; count_workflows: number; agents: unknown[] }
const truth = async (): Promise<Truth> => JSON.parse(await readFile(join(fixtures, 'truth', 'lmdb', 'mixed.json'), 'utf8')) as Truth

/** A row of the figures: records, in all, new, changed, equal, problems. */
async function expectRow(page: Page, kind: string, figures: readonly number[]): Promise<void> {
  const row = dialogOf(page).getByRole('row').filter({ has: page.getByRole('rowheader', { name: kind, exact: true }) })
  for (const [index, figure] of figures.entries()) await expect(row.getByRole('cell').nth(index)).toHaveText(figure.toLocaleString('en-US'))
}

async function chooseFrom(page: Page, name: string): Promise<void> {
  await dialogOf(page).getByRole('button', { name: 'From: choose where' }).click()
  await page.getByRole('dialog', { name: /^Choose an LMDB folder/ }).getByRole('button', { name: new RegExp(`^${name} LMDB`) }).dblclick()
  await expect(dialogOf(page).getByRole('group', { name: 'From' })).toContainText(name)
}

test.describe('from an LMDB folder', () => {
  test.skip(({ hostName }) => hostName === 'desktop', 'The desktop asks for places in dialogs of the system.')
  test.beforeEach(async ({ workbench }) => cp(join(fixtures, 'lmdb', 'mixed'), join(workbench.folder, 'flowcept_lmdb'), { recursive: true }))

  test('to a buffer: nothing is written before the dry run is agreed to, then all of it, verified', async ({ workbench }) => {
    test.slow()
    const { count_tasks: tasks, count_workflows: workflows, agents } = await truth()
    const page = await workbench.open()
    await page.getByRole('button', { name: /^Transfer between stores/ }).click()
    await expect(dialogOf(page).getByRole('button', { name: 'Dry run' })).toBeDisabled()
    await chooseFrom(page, 'flowcept_lmdb')
    await dialogOf(page).getByRole('group', { name: 'To' }).getByRole('radio', { name: 'JSONL' }).click()
    await dialogOf(page).getByRole('button', { name: 'To: choose where' }).click()
    const place = page.getByRole('dialog', { name: 'Choose a buffer to write' })
    await place.getByRole('textbox', { name: 'Name of the file' }).fill('copy.jsonl')
    await place.getByRole('button', { name: 'Make copy.jsonl' }).click()
    await expect(dialogOf(page).getByRole('group', { name: 'To' })).toContainText('new file')

    await dialogOf(page).getByRole('button', { name: 'Dry run' }).click()
    const all = tasks + workflows + agents.length
    await expect(dialogOf(page).getByRole('button', { name: `Write ${all} records` })).toBeVisible()
    await expectRow(page, 'tasks', [tasks, tasks, 0, 0])
    await expectRow(page, 'workflows', [workflows, workflows, 0, 0])
    await expectRow(page, 'agents', [agents.length, agents.length, 0, 0])
    const target = join(workbench.folder, 'copy.jsonl')
    await expect(stat(target)).rejects.toThrow('ENOENT')

    await dialogOf(page).getByRole('button', { name: `Write ${all} records` }).click()
    await expect(dialogOf(page).getByRole('status').filter({ hasText: 'Verified' })).toContainText(`the ${all} records written were read back`)
    await expect(dialogOf(page).getByRole('complementary', { name: 'Transfers in this session' })).toContainText('Verified')
    expect((await readFile(target, 'utf8')).trim().split('\n').length).toBeGreaterThanOrEqual(all)

    await dialogOf(page).getByRole('button', { name: 'Dry run' }).click()
    await expect(dialogOf(page).getByRole('button', { name: 'Nothing to write' })).toBeDisabled()
    await expectRow(page, 'tasks', [tasks, 0, 0, tasks])
    await page.keyboard.press('Escape')
    await expect(dialogOf(page)).toBeHidden()

    const copy = await workbench.open({ sources: [target] })
    await expectCounts(copy, tasks, tasks)
  })

  test('the same store on both sides is refused in place', async ({ workbench }) => {
    const page = await workbench.open()
    await page.getByRole('button', { name: /^Transfer between stores/ }).click()
    await chooseFrom(page, 'flowcept_lmdb')
    await dialogOf(page).getByRole('group', { name: 'To' }).getByRole('radio', { name: 'LMDB' }).click()
    await dialogOf(page).getByRole('button', { name: 'To: choose where' }).click()
    await page.getByRole('dialog', { name: 'Choose an LMDB folder to write' }).getByRole('button', { name: 'Write to flowcept_lmdb' }).click()
    await dialogOf(page).getByRole('button', { name: 'Dry run' }).click()
    await expect(dialogOf(page).getByRole('alert')).toContainText('the same store')
  })

  test.describe('to MongoDB', () => {
    const mongo = useMongo()

    test('an open source is taken there from its menu', async ({ workbench }) => {
      test.slow()
      const { count_tasks: tasks, count_workflows: workflows, agents } = await truth()
      const page = await workbench.open({ sources: [join(workbench.folder, 'flowcept_lmdb')] })
      await expectCounts(page, tasks, tasks)
      // What is still being read has no place among the recents yet, by which it is taken there.
      await expect(status(page)).toContainText('Loaded')
      await page.getByRole('button', { name: 'Actions for flowcept_lmdb/' }).click()
      await page.getByRole('menuitem', { name: 'Transfer to a store…' }).click()
      await expect(dialogOf(page).getByRole('group', { name: 'From' })).toContainText('flowcept_lmdb')
      await dialogOf(page).getByRole('textbox', { name: 'To: URI of MongoDB' }).fill(`${mongo().uri}transferred`)
      await dialogOf(page).getByRole('button', { name: 'Dry run' }).click()
      await dialogOf(page).getByRole('button', { name: /^Write \d+ records/ }).click()
      await expect(dialogOf(page).getByRole('status').filter({ hasText: 'Verified' })).toBeVisible()
      const db = await mongo().db('transferred')
      expect(await db.collection('tasks').countDocuments()).toBe(tasks)
      expect(await db.collection('workflows').countDocuments()).toBe(workflows)
      expect(await db.collection('agents').countDocuments()).toBe(agents.length)
    })
  })
})
