/** Split buffers of a run: found, joined, and after a confirmation that names them deleted; the result opens. */
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expectAccessible } from './accessible.ts'
import { expect, root, test } from './hosts.ts'

test.skip(({ hostName }) => hostName === 'desktop', 'The desktop asks for folders in a dialog of the system.')

const run = '3f0c9a1e-6d1b-4a0e-9b39-5f4a27c0d001'

test('the buffers of one workflow are joined, those of its twin stay', async ({ workbench }) => {
  const runs = join(workbench.folder, 'runs')
  await mkdir(runs)
  await cp(join(root, 'src/testing/fixtures/split'), runs, { recursive: true })
  const settings = join(workbench.folder, 'settings.yaml')
  await writeFile(settings, `project:\n  dump_buffer: {enabled: true, path: ${JSON.stringify(join(runs, 'flowcept_buffer.jsonl'))}}\n`)
  const page = await workbench.open({ env: { FLOWCEPT_SETTINGS_PATH: settings } })
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('Consolidate buffers')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Consolidate buffers' })
  await dialog.getByRole('radio', { name: new RegExp(`^${run} 5 files`) }).click()
  await expect(dialog).toContainText('21 lines in the order of time')
  await expect(dialog.getByRole('row')).toHaveCount(6)
  await expectAccessible(page, 'consolidate buffers')
  await dialog.getByRole('checkbox', { name: /^Then delete/ }).click()
  await dialog.getByRole('button', { name: 'Join 5 files, then delete…' }).click()
  await expect(dialog.getByRole('alert').getByRole('listitem')).toHaveCount(5)
  expect(await readdir(runs)).toHaveLength(7)
  await dialog.getByRole('button', { name: 'Join, verify, then delete 5 files' }).click()
  await expect(dialog).toContainText('21 lines written, read back, and the same')
  expect((await readdir(runs)).sort()).toEqual([`flowcept_buffer_${run}.jsonl`, `flowcept_buffer_${run}0_26427_140156742410304.jsonl`, 'flowcept_buffer_77aa0000-0000-4000-8000-000000000002_26427_140156742410304.jsonl'].sort())
  await dialog.getByRole('button', { name: 'Open the result' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(page.getByRole('contentinfo')).toContainText('21 messages')
})
