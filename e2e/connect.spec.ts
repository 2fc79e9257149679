/** Attaching to a queue: what the settings name and who won, the test, the tunnel, watching and recording, and coming back from the recents. */
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { expect, test } from './hosts.ts'
import { expectCounts, sourceRow } from './regions.ts'
import { ask, publish, readRecording, useRedis } from './servers.ts'

const dialogOf = (page: Page): Locator => page.getByRole('dialog', { name: 'Attach to a queue' })
const field = (page: Page, name: string): Locator => dialogOf(page).getByRole('textbox', { name, exact: true })
/** A field with its label, origin and what that won over. */
const rowOf = (page: Page, name: string): Locator => field(page, name).locator('xpath=ancestor::div[1]')

async function openDialog(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Open provenance' })).toBeVisible()
  await page.keyboard.press('Control+l')
  await expect(dialogOf(page)).toBeVisible()
}

async function settingsIn(folder: string, text: string): Promise<string> {
  const path = join(folder, 'flow.yaml')
  await writeFile(path, text)
  return path
}

test('the values are those that Flowcept would take, with who won over what', async ({ workbench }) => {
  const settings = await settingsIn(workbench.folder, 'mq:\n  type: redis\n  host: localhost\n  port: 6380\n  channel: facility_a\ndatabases:\n  lmdb: {enabled: true, path: kept_lmdb}\n')
  const page = await workbench.open({ env: { FLOWCEPT_SETTINGS_PATH: settings, MQ_HOST: 'login02' } })
  await openDialog(page)
  await expect(field(page, 'Host')).toHaveValue('login02')
  await expect(field(page, 'Host')).toBeFocused()
  await expect(rowOf(page, 'Host')).toContainText('environment')
  await expect(rowOf(page, 'Host')).toContainText('MQ_HOST over localhost')
  await expect(field(page, 'Port')).toHaveValue('6380')
  await expect(rowOf(page, 'Port')).toContainText('flow.yaml')
  await expect(rowOf(page, 'Port')).toContainText('mq.port')
  await expect(field(page, 'Channel')).toHaveValue('facility_a')
  await expect(rowOf(page, 'Database')).toContainText('default')
  await expect(dialogOf(page)).toContainText('redis://login02:6380/0/facility_a')
  await field(page, 'Port').fill('6390')
  await expect(rowOf(page, 'Port')).toContainText('typed')
  await expect(rowOf(page, 'Port')).toContainText('over 6380')
  await field(page, 'Port').fill('6380x')
  await expect(dialogOf(page).getByRole('alert')).toContainText('A port is a number')
  await expect(dialogOf(page).getByRole('button', { name: 'Attach and watch' })).toBeDisabled()
  await dialogOf(page).getByRole('radio', { name: 'Record' }).click()
  await expect(dialogOf(page).getByRole('checkbox', { name: 'Record to LMDB' })).toBeChecked()
  await expect(dialogOf(page).getByRole('group', { name: 'LMDB' })).toContainText('kept_lmdb')
  await expect(dialogOf(page).getByRole('group', { name: 'LMDB' })).toContainText('new folder')
})

test('fields and URL are one address; a password in the URL moves to its own field', async ({ workbench }) => {
  const page = await workbench.open()
  await openDialog(page)
  await dialogOf(page).getByRole('combobox', { name: 'Broker' }).press('ArrowDown')
  await page.getByRole('option', { name: 'RabbitMQ', exact: true }).click()
  await expect(field(page, 'Port')).toHaveValue('5672')
  await expect(dialogOf(page)).toContainText(/amqp:\/\/\S+:5672\/%2F\/interception/)
  await dialogOf(page).getByRole('radio', { name: 'URL' }).click()
  const url = field(page, 'URL of the queue')
  await url.fill('redis://ada:s3cret@[::1]:7000/2/runs_*')
  await expect(field(page, 'Password')).toHaveValue('s3cret')
  await dialogOf(page).getByRole('radio', { name: 'Fields' }).click()
  await expect(field(page, 'Host')).toHaveValue('::1')
  await expect(field(page, 'User')).toHaveValue('ada')
  await expect(dialogOf(page)).toContainText('redis://ada@[::1]:7000/2/runs_*')
  await expect(dialogOf(page)).toContainText('SELECT 2')
  await expect(dialogOf(page)).toContainText('PSUBSCRIBE runs_*')
  await expect(dialogOf(page)).not.toContainText('s3cret')
  await dialogOf(page).getByRole('button', { name: 'Show password' }).click()
  await expect(field(page, 'Password')).toHaveAttribute('type', 'text')
  await page.keyboard.press('Escape')
  await expect(dialogOf(page)).toBeHidden()
})

test('a queue behind a login node: the tunnel, its near end, and back', async ({ workbench }) => {
  const page = await workbench.open({ env: { MQ_HOST: 'login02', MQ_PORT: '6379' } })
  await openDialog(page)
  await field(page, 'Login node').fill('ada@ornl-login:2222')
  await expect(dialogOf(page).getByText('ssh -N -L 16379:login02:6379 -p 2222 ada@ornl-login')).toBeVisible()
  await dialogOf(page).getByRole('button', { name: 'Use localhost:16379' }).click()
  await expect(field(page, 'Host')).toHaveValue('localhost')
  await expect(field(page, 'Port')).toHaveValue('16379')
  await expect(dialogOf(page).getByText('ssh -N -L 16379:login02:6379 -p 2222 ada@ornl-login')).toBeVisible()
  await dialogOf(page).getByRole('button', { name: 'Back to login02:6379' }).click()
  await expect(field(page, 'Host')).toHaveValue('login02')
})

test('a list that is open closes before its dialog', async ({ workbench }) => {
  const page = await workbench.open()
  await openDialog(page)
  const broker = dialogOf(page).getByRole('combobox', { name: 'Broker' })
  await broker.press('Enter')
  await expect(page.getByRole('option')).not.toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(broker).toHaveAttribute('aria-expanded', 'false')
  await expect(dialogOf(page)).toBeVisible()
  await broker.press('r')
  await broker.press('End')
  await broker.press('Enter')
  await expect(broker).toHaveText('RabbitMQ, TLS')
  await page.keyboard.press('Escape')
  await expect(dialogOf(page)).toBeHidden()
})

test.describe('a Redis', () => {
  const redis = useRedis()
  const here = () => ({ MQ_HOST: '127.0.0.1', MQ_PORT: String(redis().port) })
  const frames = readRecording('errors')
  const tasks = 15

  test('is tested: what it is, who else listens, what is sent; and one that is not there', async ({ workbench }) => {
    const page = await workbench.open({ env: here() })
    await openDialog(page)
    const other = connect(redis().port, '127.0.0.1', () => other.write('SUBSCRIBE interception\r\n'))
    try {
      const [frame] = frames
      const sending = setInterval(() => void (frame && publish(redis(), [frame])), 200)
      await dialogOf(page).getByRole('button', { name: 'Test', exact: true }).click()
      await expect(dialogOf(page).getByRole('status')).toContainText(/Answers: Redis \d/)
      clearInterval(sending)
    } finally {
      other.destroy()
    }
    await expect(dialogOf(page).getByRole('status')).toContainText('1other subscriber')
    await expect(dialogOf(page).getByRole('status')).toContainText('32 MiBuntil Redis cuts us off')
    await expect(dialogOf(page).getByRole('status')).toContainText(/stall would fill it/)
    await dialogOf(page).getByRole('radio', { name: 'Record' }).click()
    await expect(dialogOf(page)).toContainText('The other subscriber may be an inserter')
    await expect(dialogOf(page)).toContainText(/at this rate/)
    await field(page, 'Port').fill('1')
    await dialogOf(page).getByRole('button', { name: 'Test again' }).click()
    await expect(dialogOf(page).getByRole('alert')).toContainText('Does not answer')
  })

  test('is watched by Enter: rows come, and nothing is written to it', async ({ workbench }) => {
    const page = await workbench.open({ env: here() })
    await openDialog(page)
    await expect(field(page, 'Host')).toHaveValue('127.0.0.1')
    await expect(dialogOf(page).getByRole('button', { name: 'Attach and watch' })).toBeEnabled()
    await field(page, 'Host').press('Enter')
    await expect(dialogOf(page)).toBeHidden()
    await expect(sourceRow(page, 'redis://127.0.0.1')).toBeVisible()
    await expect.poll(() => ask(redis(), 'PUBSUB', 'NUMSUB', 'interception')).toContain(':1')
    expect(await ask(redis(), 'CLIENT', 'LIST')).toContain('name=provscope')
    await publish(redis(), frames)
    await expect(sourceRow(page, 'redis://127.0.0.1')).toContainText(String(tasks))
    expect(await ask(redis(), 'DBSIZE')).toBe(':0\r\n')

    await page.getByRole('button', { name: /^Actions for redis/ }).click()
    await page.getByRole('menuitem', { name: /^Close/ }).click()
    const recent = page.getByRole('list', { name: 'Recent sources' }).getByRole('listitem').filter({ hasText: 'redis://127.0.0.1' })
    await expect(recent).toContainText('Not attached')
    await recent.getByRole('button', { name: /^redis/ }).click()
    await expect(dialogOf(page)).toBeVisible()
    await expect(field(page, 'Port')).toHaveValue(String(redis().port))
    await expect(rowOf(page, 'Port')).toContainText('recent')
  })

  test('is recorded to the stores that were chosen', async ({ workbench }) => {
    test.slow()
    test.skip(workbench.host === 'desktop', 'The desktop asks for places in dialogs of the system.')
    const page = await workbench.open({ env: here() })
    await openDialog(page)
    await dialogOf(page).getByRole('radio', { name: 'Record' }).click()
    await dialogOf(page).getByRole('button', { name: /^Choose where for JSONL/ }).click()
    const place = page.getByRole('dialog', { name: 'Choose a buffer to write' })
    await expect(place.getByText(workbench.folder)).toBeVisible()
    await place.getByRole('textbox', { name: 'Name of the file' }).fill('recorded.jsonl')
    await page.keyboard.press('Enter')
    await expect(place).toBeHidden()
    await expect(dialogOf(page).getByRole('checkbox', { name: 'Record to JSONL' })).toBeChecked()
    await dialogOf(page).getByRole('button', { name: 'Attach and record to 2 stores' }).click()
    await expect(dialogOf(page)).toBeHidden()
    await expect.poll(() => ask(redis(), 'PUBSUB', 'NUMSUB', 'interception')).toContain(':1')
    await publish(redis(), frames)
    await expect(sourceRow(page, 'redis://127.0.0.1')).toContainText(String(tasks))
    const recorded = async (): Promise<string> => readFile(join(workbench.folder, 'recorded.jsonl'), 'utf8').catch(() => '')
    await expect.poll(async () => new Set([...(await recorded()).matchAll(/"task_id": ?"([^"]+)"/g)].map((match) => match[1])).size).toBe(tasks)
    await page.getByRole('button', { name: /^Actions for redis/ }).click()
    await page.getByRole('menuitem', { name: /^Close/ }).click()
    await page.keyboard.press('Control+d')
    await page.getByRole('dialog', { name: /^Open a store/ }).getByRole('button', { name: /^flowcept_lmdb LMDB/ }).dblclick()
    await expectCounts(page, tasks, tasks)
  })
})

test.describe('a Redis with a password', () => {
  const redis = useRedis(['--requirepass', 'open sesame'])

  test('says so in place; what is typed is kept nowhere', async ({ workbench }) => {
    const page = await workbench.open({ env: { MQ_HOST: '127.0.0.1', MQ_PORT: String(redis().port) } })
    await openDialog(page)
    await dialogOf(page).getByRole('button', { name: 'Attach and watch' }).click()
    await expect(dialogOf(page).getByRole('alert')).toContainText(/password/)
    await field(page, 'Password').fill('open sesame')
    await expect(rowOf(page, 'Password')).toContainText('typed')
    if (workbench.host === 'served') await expect(rowOf(page, 'Password')).toContainText('kept in memory only')
    await field(page, 'Password').press('Enter')
    await expect(dialogOf(page)).toBeHidden()
    await expect(sourceRow(page, 'redis://127.0.0.1')).toBeVisible()
    expect(await page.content()).not.toContain('sesame')
    const config = join(workbench.folder, '..', 'config')
    for (const name of await readdir(config, { recursive: true, withFileTypes: true })) {
      if (name.isFile()) expect(await readFile(join(name.parentPath, name.name), 'utf8'), name.name).not.toContain('sesame')
    }
  })
})

for (const theme of ['light', 'dark'] as const) {
  test(`no violations in the ${theme} theme: attaching, stores, transfer`, async ({ workbench }) => {
    test.slow()
    const page = await workbench.open({ theme })
    await openDialog(page)
    await expectAccessible(page, 'watch')
    await dialogOf(page).getByRole('radio', { name: 'Record' }).click()
    await dialogOf(page).getByRole('combobox', { name: 'Broker' }).click()
    await expectAccessible(page, 'record, with the list of brokers')
    await page.keyboard.press('Escape')
    await dialogOf(page).getByRole('radio', { name: 'URL' }).click()
    await field(page, 'URL of the queue').fill('nowhere')
    await expectAccessible(page, 'a URL that is none')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+d')
    await expect(page.getByRole('dialog', { name: /^Open a store/ })).toBeVisible()
    await expectAccessible(page, 'opening a store')
    await page.getByRole('radio', { name: 'MongoDB' }).click()
    await expectAccessible(page, 'opening a database')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^Transfer between stores/ }).click()
    await expectAccessible(page, 'transfer')
    await page.keyboard.press('Escape')
    const narrow = await workbench.open({ theme, size: { width: 880, height: 700 } })
    await openDialog(narrow)
    await expectAccessible(narrow, 'narrow')
  })
}
