/** Every way a source is opened, closed and come back to, and what is said of files that are broken, empty, gone or growing. */
import { appendFile, copyFile, cp, mkdir, readFile, readdir, rename, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { fixture, splitFolder, tasksOf } from './fixtures.ts'
import { grid, openTable } from './grid.ts'
import { expect, test } from './hosts.ts'
import { expectCounts, problems, sourceRow, status, tree } from './regions.ts'

const errorTasks = tasksOf('05_errors').length
const task = (id: string): string => `${JSON.stringify({ type: 'task', task_id: id, activity_id: 'grow', workflow_id: 'w', status: 'FINISHED', used: { id } })}\n`

test('the sample opens from the welcome screen', async ({ workbench }) => {
  const page = await workbench.open()
  await expect(page.getByRole('heading', { name: 'Open provenance' })).toBeVisible()
  await expect(status(page)).toContainText('Nothing leaves this machine')
  await page.getByRole('button', { name: /^Open the sample/ }).click()
  await expect(sourceRow(page, 'weather_stations.jsonl')).toBeVisible()
  await expect(tree(page).getByRole('treeitem', { name: /weather_stations/ })).toBeVisible()
  await expectCounts(page, 22, 22)
  await expect(page).toHaveTitle(/weather_stations/)
})

test.describe('the dialog of a browser’s page', () => {
  test.skip(({ hostName }) => hostName === 'desktop', 'The desktop shows its own file dialogs.')

  test('opens one file, and several as one source', async ({ workbench }) => {
    for (const name of ['05_errors', '02_pipeline']) await copyFile(fixture(name), join(workbench.folder, `${name}.jsonl`))
    await writeFile(join(workbench.folder, 'notes.txt'), 'no buffer')
    const page = await workbench.open()
    await page.keyboard.press('Control+o')
    const dialog = page.getByRole('dialog', { name: /^Open files on/ })
    await expect(dialog.getByText(workbench.folder)).toBeVisible()
    await dialog.getByRole('checkbox', { name: 'Choose 05_errors.jsonl' }).click()
    await dialog.getByRole('button', { name: 'Open 05_errors.jsonl' }).click()
    await expect(dialog).toBeHidden()
    await expectCounts(page, errorTasks, errorTasks)

    await page.keyboard.press('Control+o')
    await dialog.getByRole('checkbox', { name: 'Choose 05_errors.jsonl' }).click()
    await dialog.getByRole('checkbox', { name: 'Choose 02_pipeline.jsonl' }).click()
    await dialog.getByRole('button', { name: 'Open 2 files' }).click()
    await expectCounts(page, errorTasks + 22, errorTasks + 22)
  })

  test('finds a file by its name and goes through folders', async ({ workbench }) => {
    await mkdir(join(workbench.folder, 'runs'))
    await copyFile(fixture('05_errors'), join(workbench.folder, 'runs', 'a.jsonl'))
    await copyFile(fixture('02_pipeline'), join(workbench.folder, 'runs', 'b.jsonl'))
    const page = await workbench.open()
    await page.keyboard.press('Control+o')
    const dialog = page.getByRole('dialog', { name: /^Open files on/ })
    await dialog.getByRole('button', { name: /^runs/ }).click()
    await dialog.getByRole('textbox', { name: 'Find in this folder' }).fill('b.')
    await expect(dialog.getByRole('checkbox')).toHaveCount(1)
    await dialog.getByRole('textbox', { name: 'Find in this folder' }).fill('nothing like it')
    await expect(dialog).toContainText('Nothing here has this in its name.')
    await dialog.getByRole('button', { name: 'Up' }).click()
    await expect(dialog.getByRole('button', { name: /^runs/ })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
  })

  test('opens a folder of split buffers as one source', async ({ workbench }) => {
    await cp(splitFolder, join(workbench.folder, 'split'), { recursive: true })
    const page = await workbench.open()
    await page.keyboard.press('Control+Shift+O')
    const dialog = page.getByRole('dialog', { name: /^Open a folder on/ })
    await dialog.getByRole('button', { name: /^split/ }).click()
    await dialog.getByRole('button', { name: 'Open this folder, 7 buffers' }).click()
    await expect(sourceRow(page, 'split')).toBeVisible()
    const tasks = new Set<string>()
    for (const name of await readdir(splitFolder)) {
      for (const line of (await readFile(join(splitFolder, name), 'utf8')).trim().split('\n')) {
        const message = JSON.parse(line) as { type?: string; task_id?: string }
        if (message.type === 'task' && message.task_id !== undefined) tasks.add(message.task_id)
      }
    }
    await expectCounts(page, tasks.size, tasks.size)
    expect(await readdir(join(workbench.folder, 'split'))).toEqual(await readdir(splitFolder))
  })
})

test('a buffer dropped on the window is opened', async ({ workbench }) => {
  test.skip(workbench.host === 'desktop', 'Files of a drop made by a script have no path.')
  const page = await workbench.open()
  await expect(page.getByRole('heading', { name: 'Open provenance' })).toBeVisible()
  const text = await readFile(fixture('05_errors'), 'utf8')
  const drop = async (name: string): Promise<void> => {
    const dataTransfer = await page.evaluateHandle(
      ([fileName, content]) => {
        const transfer = new DataTransfer()
        transfer.items.add(new File([content], fileName))
        return transfer
      },
      [name, text] as const
    )
    await page.getByRole('banner').dispatchEvent('drop', { dataTransfer })
  }
  await drop('dropped.jsonl')
  await expect(sourceRow(page, 'dropped.jsonl')).toBeVisible()
  await expectCounts(page, errorTasks, errorTasks)
})

test('a compressed buffer is read like a plain one', async ({ workbench }) => {
  const path = join(workbench.folder, 'errors.jsonl.gz')
  await writeFile(path, gzipSync(await readFile(fixture('05_errors'))))
  const page = await workbench.open({ sources: [path] })
  await expectCounts(page, errorTasks, errorTasks)
  await expect(status(page)).toContainText('No problems')
})

test('of a file that was cut off, the broken tail is listed with its place and the rest is shown', async ({ workbench }) => {
  const text = await readFile(fixture('13_truncated_tail'), 'utf8')
  const lines = text.split('\n')
  const at = Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1))
  const page = await workbench.open({ sources: [fixture('13_truncated_tail')] })
  const whole = lines.slice(0, -1).filter((line) => JSON.parse(line).type === 'task').length
  await expectCounts(page, whole, whole)
  await status(page).getByRole('button', { name: '1 problem' }).click()
  const line = problems(page).getByRole('row').filter({ hasText: '13_truncated_tail.jsonl' })
  await expect(line.getByRole('cell').nth(1)).toHaveText('Line is cut off')
  await expect(line.getByRole('cell').nth(4)).toHaveText(String(lines.length))
  await expect(line.getByRole('cell').nth(5)).toHaveText(at.toLocaleString('en-US'))
  await expect(line).toContainText(lines.at(-1)?.slice(0, 30) ?? '')
  await line.getByRole('button', { name: /lines around it/ }).click()
  await expect(problems(page).locator('code')).toContainText(lines.at(-2)?.slice(0, 60) ?? '')
  await expect(problems(page).locator('code')).toContainText(lines.at(-1)?.slice(0, 60) ?? '')
  await page.keyboard.press('Control+j')
  await expect(problems(page)).toBeHidden()
})

test('an empty file says so', async ({ workbench }) => {
  const path = join(workbench.folder, 'empty.jsonl')
  await writeFile(path, '')
  const page = await workbench.open({ sources: [path] })
  await expectCounts(page, 0, 0)
  await page.getByRole('tab', { name: 'Table' }).click()
  await expect(page.getByText('No tasks in this source')).toBeVisible()
})

test('a missing file says which, and is read once it is there', async ({ workbench }) => {
  const path = join(workbench.folder, 'later.jsonl')
  const page = await workbench.open({ sources: [path] })
  await expect(page.getByRole('alert')).toContainText('later.jsonl could not be read')
  await expect(page.getByRole('alert')).toContainText(path)
  await copyFile(fixture('05_errors'), path)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expectCounts(page, errorTasks, errorTasks)
})

test('a growing file is followed: appended, cut, replaced', async ({ workbench }) => {
  const path = join(workbench.folder, 'growing.jsonl')
  await writeFile(path, task('one') + task('two'))
  const page = await workbench.open({ sources: [path] })
  await expectCounts(page, 2, 2)
  await appendFile(path, task('three'))
  await expect(page.getByRole('status').filter({ hasText: 'The file grew by' })).toBeVisible()
  await page.getByRole('button', { name: 'Follow it' }).click()
  await expect(status(page)).toContainText('Following')
  await expectCounts(page, 3, 3)
  await openTable(page)
  await appendFile(path, task('four'))
  await expect(grid(page).getByRole('gridcell', { name: 'four' }).first()).toBeVisible()
  // Half a line is no record yet, and no problem.
  const last = task('five')
  await appendFile(path, last.slice(0, 40))
  await appendFile(path, last.slice(40))
  await expectCounts(page, 5, 5)
  await expect(status(page)).toContainText('No problems')

  await truncate(path, Buffer.byteLength(task('one')))
  await expectCounts(page, 1, 1)
  await expect(grid(page).getByRole('gridcell', { name: 'one' }).first()).toBeVisible()

  await writeFile(join(workbench.folder, 'new'), task('a') + task('b') + task('c') + task('d'))
  await rename(join(workbench.folder, 'new'), path)
  await expectCounts(page, 4, 4)
  await expect(grid(page)).toContainText('d')
})

test('a file that grew is updated when asked', async ({ workbench }) => {
  const path = join(workbench.folder, 'growing.jsonl')
  await writeFile(path, task('one'))
  const page = await workbench.open({ sources: [path] })
  await expectCounts(page, 1, 1)
  await appendFile(path, task('two'))
  await page.getByRole('button', { name: 'Update' }).click()
  await expectCounts(page, 2, 2)
  await expect(page.getByRole('button', { name: 'Update' })).toBeHidden()
})

test('two sources: each keeps its scope; closing one shows the other, closing all leads to the recents', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  await expectCounts(page, errorTasks, errorTasks)
  await page.getByRole('button', { name: 'Open a source' }).click()
  await page.getByRole('menuitem', { name: /Open the sample/ }).click()
  await expectCounts(page, 22, 22)
  await tree(page).getByRole('treeitem', { name: /rank_stations/ }).click()
  await expectCounts(page, 1, 22)
  await sourceRow(page, '05_errors.jsonl').click()
  await expectCounts(page, errorTasks, errorTasks)
  await expect(page).toHaveTitle(/05_errors/)
  await sourceRow(page, 'weather_stations.jsonl').click()
  await expectCounts(page, 1, 22)

  const close = async (name: string): Promise<void> => {
    await page.getByRole('button', { name: `Actions for ${name}` }).click()
    await page.getByRole('menuitem', { name: /^Close/ }).click()
  }
  await close('weather_stations.jsonl')
  await expectCounts(page, errorTasks, errorTasks)
  await close('05_errors.jsonl')
  const recents = page.getByRole('list', { name: 'Recent sources' })
  await expect(recents.getByRole('listitem')).toHaveCount(2)
  await recents.getByRole('button', { name: /^05_errors\.jsonl/ }).click()
  await expectCounts(page, errorTasks, errorTasks)
})

test('recents are still there at the next start, tell what has moved, and can be forgotten', async ({ workbench }) => {
  const path = join(workbench.folder, 'short_lived.jsonl')
  await copyFile(fixture('05_errors'), path)
  const first = await workbench.open({ sources: [path] })
  await expectCounts(first, errorTasks, errorTasks)
  await first.getByRole('button', { name: 'Actions for short_lived.jsonl' }).click()
  await first.getByRole('menuitem', { name: /^Close/ }).click()
  await expect(first.getByRole('list', { name: 'Recent sources' }).getByRole('listitem')).toContainText('short_lived.jsonl')
  await rename(path, `${path}.away`)
  const next = await workbench.open()
  const recent = next.getByRole('list', { name: 'Recent sources' }).getByRole('listitem')
  await expect(recent).toContainText('Has moved')
  await expect(recent).toContainText(String(errorTasks))
  await recent.getByRole('button', { name: 'Forget short_lived.jsonl' }).click()
  await expect(recent).toHaveCount(0)
})
