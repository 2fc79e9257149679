/** Files from the export dialog: exactly what the filter, the order and the columns show, read back and verified, without secrets. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { fixture, linesOf, type Message, tasksOf } from './fixtures.ts'
import { columnNames, header, openTable } from './grid.ts'
import { expect, test } from './hosts.ts'
import { card, expectCounts } from './regions.ts'

test.skip(({ hostName }) => hostName === 'desktop', 'The desktop asks for the place in a dialog of the system.')

const tasks = tasksOf('05_errors')
const dialogOf = (page: Page) => page.getByRole('dialog', { name: /^Export/ })
const jobsOf = (page: Page) => dialogOf(page).getByRole('complementary', { name: 'Exports in this session' })

/** Wherever the server keeps what it writes. */
async function filesUnder(folder: string, name: RegExp): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).filter((path) => name.test(path))
}

async function written(page: Page): Promise<{ name: string; text: string }> {
  const download = page.waitForEvent('download')
  await dialogOf(page).getByRole('button', { name: /^Write and download/ }).click()
  const file = await download
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') }
}

test('a filtered, sorted table with chosen columns is written as it stands', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')], size: { width: 1920, height: 1080 } })
  await openTable(page)
  await page.getByRole('button', { name: /^Columns:/ }).click()
  const chooser = page.getByRole('dialog', { name: 'Columns' })
  await chooser.getByRole('button', { name: 'Hide all but pinned' }).click()
  for (const name of ['activity_id', 'status']) await chooser.getByRole('checkbox', { name, exact: true }).click()
  await chooser.getByRole('textbox', { name: 'Find a column' }).fill('used.')
  for (const name of ['a', 'line']) await chooser.getByRole('checkbox', { name, exact: true }).click()
  await page.keyboard.press('Escape')
  await expect.poll(() => columnNames(page).then((names) => names.length)).toBe(5)
  const columns = await columnNames(page)
  await header(page, 'activity_id').getByText('activity_id', { exact: true }).click()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('status = ERROR')
  await page.keyboard.press('Enter')
  const left = tasks.filter((task) => task.status === 'ERROR').toSorted((x, y) => (String(x.activity_id) < String(y.activity_id) ? -1 : String(x.activity_id) > String(y.activity_id) ? 1 : 0))
  await expectCounts(page, left.length, tasks.length)

  await page.keyboard.press('Control+e')
  await expect(dialogOf(page)).toContainText(`${left.length}of ${tasks.length} tasks`)
  await expect(dialogOf(page)).toContainText('status = ERROR')
  await expect(dialogOf(page)).toContainText('activity_id ↑')
  const { name, text } = await written(page)
  expect(name).toBe('05_errors-tasks.csv')
  const value = (task: Message, column: string): string => {
    const found = column.split('.').reduce<unknown>((inner, key) => (inner as Message | undefined)?.[key], task)
    // Like pandas: whole numbers of a column that has nulls are floats.
    return found === undefined || found === null ? '' : typeof found === 'number' ? found.toFixed(1) : String(found)
  }
  expect(text).toBe([columns.join(','), ...left.map((task) => columns.map((column) => value(task, column)).join(','))].map((line) => `${line}\n`).join(''))
  await expect(jobsOf(page)).toContainText(`${left.length} rows`)
  await expect(jobsOf(page)).toContainText('Verified')
})

test('the whole source, all columns and the selected rows can be asked for; the name is the person’s', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  await openTable(page)
  await page.getByRole('rowheader', { name: '2', exact: true }).click()
  await page.getByRole('rowheader', { name: '4', exact: true }).click({ modifiers: ['Shift'] })
  await page.keyboard.press('Control+e')
  const dialog = dialogOf(page)
  await expect(dialog.getByRole('radio', { name: /^Selected/ })).toHaveAccessibleName(/3/)
  await dialog.getByRole('radio', { name: /^Selected/ }).click()
  await dialog.getByRole('textbox', { name: 'File name' }).fill('three/of.csv')
  await expect(dialog).toContainText('A name, not a path.')
  await expect(dialog.getByRole('button', { name: /^Write and download/ })).toBeDisabled()
  await dialog.getByRole('textbox', { name: 'File name' }).fill('three.csv')
  const three = await written(page)
  expect(three.name).toBe('three.csv')
  expect(three.text.trimEnd().split('\n').slice(1).map((line) => line.split(',')[0])).toEqual(tasks.slice(1, 4).map((task) => String(task.task_id)))

  await dialog.getByRole('radio', { name: /^Whole source/ }).click()
  await dialog.getByRole('radio', { name: /^All columns/ }).click()
  const columns = Number(/(\d+) columns/.exec((await dialog.textContent()) ?? '')?.[1])
  const all = await written(page)
  expect(all.text.split('\n')[0]?.split(',')).toHaveLength(columns)
  expect(all.text.split('\n')[0]).toContain('workflow_id')
})

test('messages are written as pandas writes them', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('02_pipeline')] })
  await openTable(page)
  await page.getByRole('radio', { name: 'Messages' }).click()
  await expectCounts(page, 24, 24, 'messages')
  await page.keyboard.press('Control+e')
  await dialogOf(page).getByRole('radio', { name: /^All columns/ }).click()
  const { text } = await written(page)
  const expected = await readFile(fixture('02_pipeline').replace('jsonl/', 'csv/').replace('.jsonl', '.csv'), 'utf8')
  expect(text.split('\n')[0]).toBe(expected.split('\n')[0])
  expect(text.split('\n').length).toBe(expected.split('\n').length)
})

test('cells that a spreadsheet would run are guarded when asked, and exact when not', async ({ workbench }) => {
  const path = join(workbench.folder, 'formulas.jsonl')
  const formulas = ['=1+1', '+cmd|x', '-2+3', '@SUM(A1)', '\tx', 'plain', '-5']
  await writeFile(path, formulas.map((text, index) => `${JSON.stringify({ type: 'task', task_id: `t${index}`, activity_id: text, used: { n: -5 } })}\n`).join(''))
  const page = await workbench.open({ sources: [path] })
  await expectCounts(page, formulas.length, formulas.length)
  await page.keyboard.press('Control+e')
  const plain = await written(page)
  for (const text of formulas) expect(plain.text).toContain(`,${text},`.replace(/^,|,$/g, ''))
  await dialogOf(page).getByRole('checkbox', { name: /^Guard against formulas/ }).click()
  const guarded = await written(page)
  for (const text of formulas.slice(0, 4)) {
    expect(guarded.text).toContain(`'${text}`)
  }
  expect(guarded.text).not.toContain("'plain")
  // Numbers are no text to run.
  expect(guarded.text).toMatch(/(^|,)-5(,|$)/m)
})

test('nothing that matches cannot be written', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  await card(page, 'Summary').getByRole('button', { name: /Error/ }).click()
  await expectCounts(page, 7, tasks.length)
  await page.keyboard.press('Control+e')
  await expect(dialogOf(page).getByRole('radio', { name: /^What is filtered/ })).toHaveAccessibleName(/7/)
  await expect(dialogOf(page).getByRole('radio', { name: /^Selected/ })).toBeDisabled()
  await page.keyboard.press('Escape')
  await expect(dialogOf(page)).toBeHidden()
})

test('a long export shows its progress and can be cancelled, leaving nothing', async ({ workbench }) => {
  test.slow()
  const path = join(workbench.folder, 'long.jsonl')
  const pad = 'x'.repeat(200)
  const rows = 200_000
  await writeFile(path, Array.from({ length: rows }, (_, i) => `{"type":"task","task_id":"t${i}","activity_id":"a","used":{"i":${i},"pad":"${pad}"}}\n`).join(''))
  const page = await workbench.open({ sources: [path] })
  await expect(page.getByRole('contentinfo')).toContainText('200,000 of 200,000 tasks', { timeout: 120_000 })
  await expect(page.getByRole('contentinfo')).toContainText('Loaded', { timeout: 120_000 })
  await page.keyboard.press('Control+e')
  await dialogOf(page).getByRole('radio', { name: /^All columns/ }).click()
  await dialogOf(page).getByRole('button', { name: /^Write and download/ }).click()
  await jobsOf(page).getByRole('button', { name: /^Cancel/ }).click()
  await expect(jobsOf(page)).toContainText('Cancelled')
  await expect(jobsOf(page)).toContainText('The partial file was removed.')
  expect(await filesUnder(join(workbench.folder, '..'), /long-tasks\.csv/)).toEqual([])
})

test('typed tables and Flowcept’s own form are read back before they are done, each with its manifest', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  await expectCounts(page, tasks.length, tasks.length)
  await page.keyboard.press('Control+e')
  for (const [format, title, name, magic] of [
    ['Parquet', 'Export as Parquet', '05_errors-tasks.parquet', 'PAR1'],
    ['Arrow', 'Export as Arrow', '05_errors-tasks.arrow', 'ARROW1']
  ] as const) {
    await dialogOf(page).getByRole('radio', { name: new RegExp(`^${format} `) }).click()
    await expect(page.getByRole('dialog', { name: title })).toBeVisible()
    const file = await written(page)
    expect(file.name).toBe(name)
    expect([file.text.slice(0, magic.length), file.text.slice(-magic.length)]).toEqual([magic, magic])
    const job = jobsOf(page).getByRole('article', { name: `${format} ${name}` })
    await expect(job).toContainText('Verified')
    await expect(job).toContainText(`${tasks.length} = ${tasks.length}`)
  }
  await dialogOf(page).getByRole('radio', { name: /^JSON Lines / }).click()
  const lines = (await written(page)).text.trimEnd().split('\n').map((line) => JSON.parse(line) as Message)
  const ids = (messages: readonly Message[]): string[] => [...new Set(messages.flatMap(({ type, task_id: id }) => (type === 'task' ? [String(id)] : [])))].toSorted()
  expect(ids(lines)).toEqual(ids(linesOf('05_errors').map((line) => JSON.parse(line) as Message)))

  const job = jobsOf(page).getByRole('article', { name: /^JSON Lines / })
  await job.getByRole('button', { name: /^Manifest of/ }).click()
  await expect(job).toContainText('05_errors.jsonl')
  const download = page.waitForEvent('download')
  await job.getByRole('button', { name: /^Download manifest of/ }).click()
  const manifest = JSON.parse(await readFile(await (await download).path(), 'utf8')) as unknown
  expect(JSON.stringify(manifest)).toContain('05_errors.jsonl')
})

test('what looks like a secret is pointed out, masked, and replaced unless the person says otherwise', async ({ workbench }) => {
  const secret = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a'
  const password = 'correct-horse-battery'
  const path = join(workbench.folder, 'secrets.jsonl')
  const task = { type: 'task', task_id: 't1', activity_id: 'fetch', used: { token: secret, uri: `mongodb://ana:${password}@host/db`, lr: 0.5 } }
  await writeFile(path, `${JSON.stringify(task)}\n`)
  const page = await workbench.open({ sources: [path] })
  await expectCounts(page, 1, 1)
  await page.keyboard.press('Control+e')
  const panel = dialogOf(page).getByRole('region', { name: 'Secrets' })
  await expect(panel).toContainText('2 values look like secrets')
  await expect(panel).toContainText('used.token')
  await expect(panel).toContainText('used.uri')
  for (const plain of [secret, password]) await expect(panel).not.toContainText(plain)
  await expect(panel.getByRole('radio', { name: 'Replace' })).toBeChecked()
  const replaced = await written(page)
  for (const plain of [secret, password]) expect(replaced.text).not.toContain(plain)
  expect(replaced.text).toContain('0.5')

  await panel.getByRole('radio', { name: 'Keep' }).click()
  await expect(panel).toContainText('They leave as they are')
  const kept = await written(page)
  for (const plain of [secret, password]) expect(kept.text).toContain(plain)
  await expectAccessible(page, 'the export dialog')
  // What was chosen is what the next one begins with.
  await page.keyboard.press('Escape')
  await expect(dialogOf(page)).toBeHidden()
  await page.keyboard.press('Control+e')
  await expect(panel.getByRole('radio', { name: 'Keep' })).toBeChecked()
})

test('the destination is chosen by keys, from the palette, and by a preset', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  await expectCounts(page, tasks.length, tasks.length)
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('Export as TSV')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Export as TSV' })).toBeVisible()
  // The dialog takes the focus when it opens; only then is it moved on.
  await expect(dialogOf(page).locator(':focus')).toHaveCount(1)
  const tsv = dialogOf(page).getByRole('radio', { name: /^TSV / })
  await tsv.focus()
  await expect(tsv).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('dialog', { name: 'Export as Parquet' })).toBeVisible()
  await dialogOf(page).getByRole('checkbox', { name: 'Write a manifest' }).click()
  await dialogOf(page).getByRole('button', { name: 'Keep this as a preset' }).click()
  await page.getByRole('textbox', { name: 'Name of the preset' }).fill('for the notebook')
  await page.keyboard.press('Enter')
  await expect(dialogOf(page).getByRole('list', { name: 'Presets' })).toContainText('for the notebook')
  await dialogOf(page).getByRole('radio', { name: /^CSV / }).click()
  await dialogOf(page).getByRole('checkbox', { name: 'Write a manifest' }).click()
  await dialogOf(page).getByRole('button', { name: 'for the notebook Parquet' }).click()
  await expect(page.getByRole('dialog', { name: 'Export as Parquet' })).toBeVisible()
  await expect(dialogOf(page).getByRole('checkbox', { name: 'Write a manifest' })).not.toBeChecked()
  await dialogOf(page).getByRole('button', { name: 'Delete the preset for the notebook' }).click()
  await expect(dialogOf(page).getByText('for the notebook')).toBeHidden()
})
