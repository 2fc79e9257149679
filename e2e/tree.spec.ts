/** The run as a tree: what stands below what, counted and folded, computed here from the lines of the buffers. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { countBy, fixture, messagesOf, tasksOf } from './fixtures.ts'
import { expect, test } from './hosts.ts'
import { expectCounts, filterBar, inspector, openView } from './regions.ts'

const tree = (page: Page): Locator => page.getByRole('treegrid', { name: 'Tree of the run' })
const rows = (page: Page): Locator => tree(page).locator('[role=row][data-kind]')
const node = (page: Page, kind: string, name: string): Locator => tree(page).locator(`[role=row][data-kind=${kind}][data-name="${name}"]`)
const figure = (row: Locator, column: 'tasks' | 'errors'): Locator => row.getByRole('gridcell').nth(column === 'tasks' ? 2 : 3)

async function open(...nodes: Locator[]): Promise<void> {
  for (const one of nodes) {
    await expect(one).toHaveAttribute('aria-expanded', /./)
    if ((await one.getAttribute('aria-expanded')) === 'true') continue
    await one.dblclick()
    await expect(one).toHaveAttribute('aria-expanded', 'true')
  }
}

test('campaign, workflows, sub-workflows and tasks stand below each other with their counts', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('04_campaign')] })
  await openView(page, 'Tree')
  const messages = messagesOf('04_campaign')
  const tasks = messages.filter(({ type }) => type === 'task')
  const [campaign] = Object.keys(countBy(tasks.map((task) => task['campaign_id'])))
  const root = node(page, 'campaign', campaign ?? '')
  await expect(root).toHaveAttribute('aria-level', '1')
  await expect(figure(root, 'tasks')).toHaveText(String(tasks.length))
  await open(root)
  const names = new Map(messages.filter(({ type }) => type === 'workflow').map((flow) => [String(flow['workflow_id']), { name: String(flow['name']), parent: flow['parent_workflow_id'] as string | undefined }]))
  const nested = [...names.values()].find(({ parent }) => parent !== undefined && names.has(parent))
  const outer = names.get(nested?.parent ?? '')
  if (!nested || !outer) throw new Error('The campaign has sub-workflows.')
  const above = node(page, 'workflow', outer.name).first()
  await open(above)
  await expect(node(page, 'workflow', nested.name).first()).toHaveAttribute('aria-level', String(Number(await above.getAttribute('aria-level')) + 1))
})

test('siblings of one activity are folded, and unfolded one by one or all at once', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('02_pipeline')] })
  await openView(page, 'Tree')
  const fold = node(page, 'fold', 'fit_line')
  await expect(fold).toContainText('×5')
  await open(fold)
  await expect(node(page, 'task', 'fit_line')).toHaveCount(5)
  await expect(node(page, 'task', 'fit_line').first()).toHaveAttribute('aria-setsize', '5')
  await page.getByRole('button', { name: 'Fold repeated' }).click()
  await expect(rows(page).and(tree(page).locator('[data-kind=fold]'))).toHaveCount(0)
  await expect(node(page, 'task', 'fit_line')).toHaveCount(5)
})

test('what failed comes first', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  await openView(page, 'Tree')
  const failed = countBy(tasksOf('05_errors').filter(({ status }) => status === 'ERROR').map((task) => task['activity_id']))
  const most = Object.entries(failed).toSorted((a, b) => b[1] - a[1])[0]
  const folds = tree(page).locator('[role=row]:is([data-kind=fold],[data-kind=task])')
  await expect(figure(folds.first(), 'errors')).toHaveText(String(most?.[1]))
})

test('cycles of parents and parents that are not here are told, and every task is shown once', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('11_status_updates')] })
  await openView(page, 'Tree')
  await page.getByRole('button', { name: 'Fold repeated' }).click()
  const ids = new Set(messagesOf('11_status_updates').filter(({ type }) => type === 'task').map((task) => String(task['task_id'])))
  await expect(rows(page).first()).toBeVisible()
  await expect(tree(page).locator('[data-kind=fold]')).toHaveCount(0)
  // What is opened has others below it: all of them at once, once as many are there as there are tasks.
  const closed = tree(page).locator('[role=row][aria-expanded=false]')
  const tasks = tree(page).locator('[role=row][data-kind=task]')
  await expect(async () => {
    if ((await closed.count()) > 0) {
      const id = String(await closed.first().getAttribute('data-key'))
      const row = tree(page).locator(`[role=row][data-key=${JSON.stringify(id)}]`)
      await row.dblclick()
      await expect(row).toHaveAttribute('aria-expanded', 'true')
    }
    await expect(closed).toHaveCount(0, { timeout: 500 })
    await expect(tasks).toHaveCount(ids.size, { timeout: 2000 })
  }).toPass()
})

test('a task is chosen here and everywhere; chosen elsewhere it is opened down to', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('02_pipeline')] })
  await openView(page, 'Tree')
  await open(node(page, 'fold', 'evaluate'))
  await node(page, 'task', 'evaluate').nth(2).click()
  await expect(inspector(page)).toContainText('evaluate')
  await openView(page, 'Table')
  await page.getByRole('grid').getByText('publish_report', { exact: true }).click()
  await openView(page, 'Tree')
  await expect(node(page, 'task', 'publish_report')).toHaveAttribute('aria-selected', 'true')
  await openView(page, 'Table')
  await page.getByRole('grid').getByText('drop_outliers', { exact: true }).first().click()
  await openView(page, 'Tree')
  await expect(tree(page).locator('[data-kind=task][data-name=drop_outliers][aria-selected=true]')).toBeInViewport()
})

test('the tree is gone through by keys, and its menu narrows all views', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('02_pipeline')] })
  await openView(page, 'Tree')
  await expect(node(page, 'fold', 'fit_line')).toBeVisible()
  await tree(page).focus()
  for (const key of ['ArrowDown', 'End', 'Home']) await page.keyboard.press(key)
  const before = await rows(page).count()
  await page.keyboard.press('ArrowLeft')
  await expect(rows(page)).not.toHaveCount(before)
  await page.keyboard.press('ArrowRight')
  await expect(rows(page)).toHaveCount(before)
  await node(page, 'fold', 'fit_line').click()
  await page.keyboard.press('Shift+F10')
  await page.getByRole('menuitem', { name: /Show only these tasks/ }).click()
  await expectCounts(page, 5, 22)
  await expect(filterBar(page).getByText('task_id').or(filterBar(page).getByText('activity_id')).first()).toBeVisible()
  await expectAccessible(page, 'the tree')
})

test('a hundred workflows, each open in the navigator, are no more than it can bear', async ({ workbench }) => {
  const path = join(workbench.folder, 'many.jsonl')
  const flows = Array.from({ length: 100 }, (_, n) => n)
  const lines = flows.flatMap((n) => [
    { type: 'workflow', workflow_id: `w${n}`, campaign_id: 'c', name: `flow ${n}` },
    ...[0, 1].map((step) => ({ type: 'task', task_id: `t${n}.${step}`, activity_id: `step_${step}`, workflow_id: `w${n}`, campaign_id: 'c', status: 'FINISHED', started_at: 1.7845e9 + n, ended_at: 1.7845e9 + n + 1 }))
  ])
  await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const page = await workbench.open({ sources: [path] })
  await expectCounts(page, 200, 200)
  await openView(page, 'Tree')
  await expect(node(page, 'workflow', 'flow 0')).toBeVisible()
  // Another scope asks all of them anew.
  await page.getByRole('tree').getByRole('treeitem').first().click()
  await expectCounts(page, 200, 200)
})

test('dark and narrow it is as accessible', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('07_agents')], theme: 'dark', size: { width: 1024, height: 768 } })
  await openView(page, 'Tree')
  await expect(rows(page).first()).toBeVisible()
  await expectAccessible(page, 'the tree, dark and narrow')
})
