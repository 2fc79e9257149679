/** The agents view: who asked whom, in the order and by the fields of the buffer's own lines. */
import { expectAccessible } from './accessible.ts'
import { fixture, type Message, tasksOf } from './fixtures.ts'
import { expect, test } from './hosts.ts'
import { card } from './regions.ts'

type Task = Message & { task_id: string; activity_id: string; subtype: string; started_at: number; ended_at: number; status: string; custom_metadata?: { llm_usage?: { input_tokens: number; output_tokens: number; token_count_source: string } } }
const tasks = (tasksOf('07_agents') as Task[]).toSorted((a, b) => a.started_at - b.started_at)
const models = tasks.filter(({ subtype }) => subtype === 'ai_model_invocation')
const failedAt = tasks.findIndex(({ status }) => status === 'ERROR')
const open = { sources: [fixture('07_agents')] }

test('figures, arrows and tokens are the file’s; what was estimated stays apart', async ({ workbench }) => {
  const page = await workbench.open(open)
  await page.getByRole('tab', { name: 'Agents' }).click()
  const head = card(page, 'Agents')
  await expect(head).toContainText(`${models.length}model calls`)
  const counted = models.filter(({ custom_metadata }) => custom_metadata?.llm_usage?.token_count_source === 'provider')
  const sum = (some: Task[]): number => some.reduce((total, { custom_metadata }) => total + (custom_metadata?.llm_usage?.input_tokens ?? 0) + (custom_metadata?.llm_usage?.output_tokens ?? 0), 0)
  await expect(head).toContainText(`${sum(counted)}tokens counted, ≈ ${sum(models) - sum(counted)} more estimated`)
  const arrows = page.getByRole('listbox', { name: 'Who asked whom' }).getByRole('option')
  await expect(arrows).toHaveCount(tasks.length)
  const labels = await arrows.evaluateAll((rows) => rows.map((row) => row.firstElementChild?.textContent ?? ''))
  expect(labels[0]).toMatch(/^1\. Planner asks sim-large-1: Plan a study of alloy A7; tokens 42 in, 18 out; 3\.9 ms$/)
  expect(labels[3]).toMatch(/^4\. simulate asks sim-small-1: dt for A7\?; by parent_task_id/)
  expect(labels[5]).toContain('tokens ≈ 5 in, ≈ 6 out')
  expect(labels[8]).toContain('Planner asks Reporter: write_report(')
  // Drawn by the field that says who asked.
  expect(await arrows.locator('g[data-via]').evaluateAll((all) => all.map((one) => one.getAttribute('data-via')))).toEqual(tasks.map((task) => (task['source_agent_id'] !== undefined ? 'source_agent_id' : task['parent_task_id'] !== undefined ? 'parent_task_id' : 'agent_id')))
  const byAgent = card(page, 'Tokens over all tasks').getByRole('row', { name: /Planner/ })
  await expect(byAgent).toContainText('261 + ≈ 5')
  await expect(card(page, 'Tokens and latency by call').getByRole('row')).toHaveCount(models.length + 1)
  await expectAccessible(page, 'the sequence')
})

test('a call chosen here is chosen everywhere, and the other way round; errors are found by key', async ({ workbench }) => {
  const page = await workbench.open(open)
  await page.getByRole('tab', { name: 'Agents' }).click()
  const arrows = page.getByRole('listbox', { name: 'Who asked whom' })
  await expect(arrows.getByRole('option')).toHaveCount(tasks.length)
  await page.getByRole('group', { name: 'Agents and model calls' }).click({ position: { x: 4, y: 4 } })
  await page.keyboard.press('e')
  await expect(arrows.getByRole('option').nth(failedAt)).toHaveAttribute('aria-selected', 'true')
  expect(decodeURIComponent(page.url())).toContain(`selected=${tasks[failedAt]?.task_id}`)
  const said = card(page, 'Conversation').getByRole('listitem').nth(failedAt)
  await expect(said).toHaveAttribute('aria-current', 'true')
  await expect(said).toContainText('cannot read /data/secret.csv')
  await arrows.focus()
  await page.keyboard.press('ArrowDown')
  await expect(card(page, 'Conversation').getByRole('listitem').nth(failedAt + 1)).toContainText('Began 12 µs after broken_tool failed; the prompt mentions neither the tool nor its error')
  await expect(arrows.getByRole('option').nth(failedAt + 1)).toHaveAttribute('aria-selected', 'true')
  await page.getByRole('tab', { name: 'Table' }).click()
  await expect(page.getByRole('complementary', { name: 'Inspector' })).toContainText('llm_interaction')
  await page.getByRole('gridcell', { name: 'handover' }).first().click()
  await page.getByRole('tab', { name: 'Agents' }).click()
  await expect(arrows.getByRole('option', { selected: true })).toHaveAccessibleName(/handover: done\?/)
})

test('the list has the order of the drawing; lifelines fold and hide', async ({ workbench }) => {
  const page = await workbench.open(open)
  await page.getByRole('tab', { name: 'Agents' }).click()
  await page.getByRole('button', { name: '3 tools' }).click()
  for (const name of ['lookup_material', 'simulate', 'broken_tool']) await expect(page.getByRole('button', { name, exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'simulate', exact: true }).click()
  await expect(page.getByRole('button', { name: '3 tools' })).toBeVisible()
  await page.getByRole('radio', { name: 'List' }).click()
  const list = page.getByRole('grid', { name: 'Calls in order' })
  await expect(list.getByRole('row')).toHaveCount(tasks.length + 1)
  expect(await list.getByRole('row').evaluateAll((rows) => rows.slice(1).map((row) => row.children[6]?.textContent))).toHaveLength(tasks.length)
  await expect(list.getByRole('row').nth(4)).toContainText('simulate by parent')
  await expectAccessible(page, 'the list')
  await page.getByRole('button', { name: /Choose lifelines/ }).click()
  await page.getByRole('checkbox', { name: /^Reporter/ }).click()
  await page.keyboard.press('Escape')
  await expect(list.getByRole('row')).toHaveCount(tasks.length + 1 - 2)
  await expect(card(page, 'Who asked whom')).toContainText(`${tasks.length - 2} of ${tasks.length} calls in order`)
})

test('without agents the view says what would be here; with a filter it says so', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('05_errors')] })
  await page.getByRole('tab', { name: 'Agents' }).click()
  await expect(page.getByText('No agents or model calls', { exact: true })).toBeVisible()
  await expect(page.getByText('FlowceptLLM(model)')).toBeVisible()
  await expectAccessible(page, 'no calls')
})
