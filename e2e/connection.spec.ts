/** When the engine cannot be reached: what is shown stays, since when is told, and it recovers by itself or says why it cannot. */
import { fixture, tasksOf } from './fixtures.ts'
import { cellsOf, openTable } from './grid.ts'
import { expect, test } from './hosts.ts'
import { chip, expectCounts, status, tree } from './regions.ts'

test.skip(({ hostName }) => hostName === 'desktop', 'The desktop’s engine is a process of the app itself.')

const tasks = tasksOf('05_errors')
const strip = /No connection to Provscope .* since \d\d:\d\d:\d\d/

test('a connection that is lost is told, and everything goes on when it is back', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  await openTable(page)
  await tree(page).getByRole('treeitem', { name: /^divide/ }).click()
  await expectCounts(page, 3, tasks.length)
  await page.context().setOffline(true)
  await page.keyboard.press('/')
  await page.keyboard.type('x')
  await expect(page.getByRole('status').filter({ hasText: strip })).toBeVisible({ timeout: 40_000 })
  await expect(status(page)).toContainText('Disconnected')
  await expect(page.getByText(/^ssh -N -L/)).toBeVisible()
  await expect(chip(page, 'activity divide')).toBeVisible()
  await page.getByRole('searchbox').fill('')
  await page.context().setOffline(false)
  // Unless the page came back by itself meanwhile.
  await page.getByRole('button', { name: 'Try now' }).click({ timeout: 5000 }).catch(() => undefined)
  await expect(status(page)).not.toContainText('Disconnected')
  await expect(page.getByRole('status').filter({ hasText: strip })).toBeHidden()
  await expectCounts(page, 3, tasks.length)
  await expect(await cellsOf(page, 'activity_id')).toHaveText(['divide', 'divide', 'divide'])
})

test('another server at the same address does not take this page’s key, and that is said', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  await expectCounts(page, tasks.length, tasks.length)
  await workbench.endServers()
  await expect(page.getByRole('status').filter({ hasText: strip })).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: strip })).toContainText('filter and selection are kept')
  const next = await workbench.open({ port: Number(new URL(page.url()).port) })
  // The session comes back, for who has the new key.
  await expectCounts(next, tasks.length, tasks.length)
  // It tries again by itself.
  await expect(page.getByText('This page’s key is not the running server’s.')).toBeVisible()
  await expect(page.getByText('Open the address that it printed last.')).toBeVisible()
})
