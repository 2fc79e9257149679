/** The Dataflow: what is drawn, with what evidence, is what the buffers hold; by mouse, by key, by address, and as a list. */
import type { Locator, Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { countBy, fixture, type Message, messagesOf, tasksOf } from './fixtures.ts'
import { activeCell, cell, grid, openTable, row } from './grid.ts'
import { expect, test } from './hosts.ts'
import { inspector, openView, status } from './regions.ts'

const drawing = (page: Page): Locator => page.getByRole('application', { name: /^Dataflow/ })
const node = (page: Page, name: string | RegExp): Locator => drawing(page).getByRole('img', { name }).and(page.locator('[aria-roledescription=node]'))
/** Counted, not seen: a straight line has no area. */
const edge = (page: Page, name: string | RegExp): Locator => drawing(page).getByRole('img', { name }).and(page.locator('[aria-roledescription=edge]'))
const bar = (page: Page): Locator => page.getByRole('group', { name: 'What is drawn' })
const section = (page: Page, name: string): Locator => inspector(page).locator('section').filter({ has: page.getByRole('button', { name: new RegExp(`^${name}`) }) }).first()
/** Not the word of the same name in the legend, which explains itself. */
const tool = (page: Page, name: string): Locator => page.getByRole('region', { name: 'View' }).getByRole('button', { name, exact: true }).and(page.locator(':not([aria-expanded])'))

async function openDataflow(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Dataflow' }).click()
  await showAll(page)
}

/** Everything in sight, whatever the size of the drawing. */
async function showAll(page: Page): Promise<void> {
  await expect(drawing(page)).toBeVisible()
  await expect(page.getByRole('tabpanel').locator('> [aria-busy]')).toHaveAttribute('aria-busy', 'false')
  await page.getByRole('button', { name: 'Show all of it' }).click()
}

const pipeline = tasksOf('02_pipeline') as (Message & { task_id: string; activity_id: string; used: Message; generated: Message })[]
const station = pipeline.slice(0, 4)
const [load, drop, fit, evaluate] = station
const [rank, report] = pipeline.slice(-2)
/** The row of a task in the table as it is opened. */
const rowOf = (task: Message | undefined): number => pipeline.findIndex(({ task_id }) => task_id === task?.['task_id']) + 1

/** The menu of a cell of the second task. Columns grow as their values come: what is pressed may have moved on. */
async function openMenu(page: Page, column: string): Promise<void> {
  await expect(async () => {
    await page.keyboard.press('Escape')
    await (await cell(page, rowOf(drop), column)).click({ button: 'right', timeout: 3000 })
    await expect(page.getByRole('menuitem', { name: `Copy the dotted path ${column}` })).toBeVisible({ timeout: 2000 })
  }).toPass()
}

/** By the address, as a link that somebody was sent. */
async function openLineage(page: Page, lineage: { taskId: unknown; column: string | null; direction: string; to: unknown }): Promise<void> {
  await page.getByRole('tab', { name: 'Dataflow' }).click()
  await page.evaluate((text) => {
    const [view, query] = location.hash.split('?')
    const params = new URLSearchParams(query)
    params.set('lineage', text)
    location.hash = `${view}?${params.toString()}`
  }, JSON.stringify(lineage))
}

test('a scope is drawn by activity, with the values that tie them and their evidence', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('02_pipeline')] })
  await openDataflow(page)
  const counts = countBy(pipeline.map((task) => task.activity_id))
  for (const [name, n] of Object.entries(counts)) await expect(node(page, new RegExp(`^${name}, ${n === 1 ? 'task' : `${n} tasks`}`))).toBeVisible()
  await expect(bar(page)).toContainText(`for ${pipeline.length} tasks`)
  await expect(edge(page, 'fit_line generated slope, captured ×5')).toHaveCount(1)
  await expect(edge(page, /^slope used by evaluate, inferred, slope equal/)).toHaveCount(1)
  await tool(page, 'Inferred').click()
  await expect(bar(page)).toContainText('0 inferred')
  await expect(edge(page, /inferred/)).toHaveCount(0)
})

test('what is folded unfolds where it is, and folds back', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('02_pipeline')] })
  await openDataflow(page)
  const fold = node(page, /^fit_line, 5 tasks/)
  const above = await node(page, /^load_readings/).boundingBox()
  await fold.dblclick()
  await expect(node(page, /^fit_line, task/)).toHaveCount(5)
  await expect(fold).toHaveCount(0)
  expect(await node(page, /^load_readings/).boundingBox()).toEqual(above)
  await drawing(page).focus()
  await page.keyboard.press('-')
  await expect(fold).toBeVisible()
  await expect(node(page, /^fit_line, task/)).toHaveCount(0)
  await drawing(page).focus()
  await page.keyboard.press('Enter')
  await expect(node(page, /^fit_line, task/)).toHaveCount(5)
  await bar(page).getByRole('button', { name: 'Fold back' }).click()
  await expect(fold).toBeVisible()
})

test('zooming far into a fold unfolds it, zooming out folds it back', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('02_pipeline')] })
  await openDataflow(page)
  const fold = node(page, /^drop_outliers, 5 tasks/)
  await fold.hover()
  await expect(async () => {
    await page.mouse.wheel(0, -200)
    await expect(node(page, /^drop_outliers, task/).first()).toBeAttached({ timeout: 300 })
  }).toPass()
  await expect(fold).toHaveCount(0)
  await expect(async () => {
    await page.mouse.wheel(0, 200)
    await expect(fold).toBeAttached({ timeout: 300 })
  }).toPass()
})

test('from a cell of a message: the lineage is that of its task', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('02_pipeline')] })
  await expect(status(page)).toContainText('Loaded')
  await openTable(page)
  await page.getByRole('radio', { name: 'Messages' }).click()
  const at = messagesOf('02_pipeline').findIndex(({ task_id }) => task_id === fit?.task_id)
  await expect(grid(page)).toHaveAttribute('aria-busy', 'false')
  await row(page, at + 1).getByRole('gridcell').first().click()
  await page.keyboard.press('l')
  await expect(node(page, /^fit_line, .*what was asked about/)).toBeVisible()
  // A message of a workflow is of no task.
  await openView(page, 'Table')
  await page.getByRole('radio', { name: 'Messages' }).click()
  await expect(grid(page)).toHaveAttribute('aria-rowcount', String(messagesOf('02_pipeline').length + 1))
  await row(page, 1).getByRole('gridcell').first().click()
  await page.keyboard.press('l')
  await expect(page.getByText('This message names no task')).toBeVisible()
})

test('from a cell of the table, by key: where its value comes from', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('02_pipeline')] })
  // Columns stay in their places once all of them are known.
  await expect(status(page)).toContainText('Loaded')
  await openTable(page)
  await (await cell(page, rowOf(fit), 'used.clean')).click()
  await page.keyboard.press('l')
  await expect(bar(page).getByRole('group', { name: /^lineage of clean/ })).toBeVisible()
  await expect(node(page, /^clean, .*what was asked about/)).toBeVisible()
  await expect(node(page, /^load_readings, task/)).toBeVisible()
  await expect(node(page, /^drop_outliers, task/)).toBeVisible()
  await expect(node(page, /^evaluate/)).toHaveCount(0)
  await expect(edge(page, /^arg_0, \d+ items used by drop_outliers, inferred, .* · 1 producer/)).toHaveCount(1)
  // The inspector says the same in words.
  await expect(section(page, 'Value')).toContainText('generated.clean')
  await expect(section(page, 'Value')).toContainText(String(drop?.task_id))
  await expect(section(page, 'Upstream path')).toContainText(String(load?.task_id))
  await expect(section(page, 'Upstream path')).toContainText('equal value, 1 producer')
  await expect(section(page, 'Evidence').getByText('Captured in the record')).toBeVisible()
  await expect(section(page, 'Parameters on the path')).toContainText(String(load?.used['station']))
  await expect(section(page, 'Path time')).toContainText('in 2 tasks')
  await page.getByRole('radio', { name: 'Both' }).click()
  await expect(bar(page)).not.toContainText('for 3 tasks')
  await showAll(page)
  await expect(node(page, /^evaluate, task/)).toBeVisible()
  await bar(page).getByRole('button', { name: /^Remove lineage/ }).click()
  await expect(node(page, /^load_readings, 5 tasks/)).toBeVisible()
})

test('from a cell of the table, by menu: what was made of it', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('02_pipeline')] })
  // Columns stay in their places once all of them are known.
  await expect(status(page)).toContainText('Loaded')
  await openTable(page)
  await openMenu(page, 'used.readings')
  await page.getByRole('menuitem', { name: 'What was made of it' }).click()
  await expect(page.getByRole('radio', { name: 'Down' })).toBeChecked()
  await expect(node(page, /what was asked about/)).toBeVisible()
  await showAll(page)
  for (const task of [drop, fit, evaluate]) await expect(node(page, new RegExp(`^${task?.activity_id}, task`))).toBeVisible()
  await expect(node(page, /^publish_report, task/)).toBeVisible()
  // A cell that is no value asks about the task.
  // Columns stay in their places once all of them are known.
  await expect(status(page)).toContainText('Loaded')
  await openTable(page)
  await openMenu(page, 'activity_id')
  await page.getByRole('menuitem', { name: 'What led to this task' }).click()
  await expect(node(page, /^drop_outliers, task, .*what was asked about/)).toBeVisible()
  await expect(inspector(page)).toContainText(String(drop?.task_id))
})

test('from the inspector, and by keys along the data', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('02_pipeline')] })
  // Columns stay in their places once all of them are known.
  await expect(status(page)).toContainText('Loaded')
  await openTable(page)
  await grid(page).getByRole('gridcell', { name: String(fit?.task_id), exact: true }).click()
  await inspector(page).getByRole('button', { name: 'Open in Dataflow' }).click()
  const active = async (): Promise<string | null> => page.evaluate(() => document.getElementById(document.querySelector('[role=application]')?.getAttribute('aria-activedescendant') ?? '')?.getAttribute('aria-label') ?? null)
  await expect.poll(active).toMatch(/^fit_line/)
  await page.keyboard.press('[')
  await expect.poll(active).toMatch(/^clean/)
  await page.keyboard.press('[')
  await expect.poll(active).toMatch(/^drop_outliers/)
  await expect(inspector(page)).toContainText(String(drop?.task_id))
  await page.keyboard.press(']')
  await expect.poll(active).toMatch(/^clean/)
  await drawing(page).focus()
  await page.keyboard.press('ArrowUp')
  await expect.poll(active).toMatch(/^drop_outliers/)
  await page.keyboard.press('Enter')
  await expect(bar(page).getByRole('group', { name: /^lineage of drop_outliers/ })).toBeVisible()
})

test('arrows and words can be PROV’s', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('07_agents')] })
  await openDataflow(page)
  const failed = tasksOf('07_agents').filter((task) => task.status === 'ERROR')
  await expect(node(page, new RegExp(`^${String(failed[0]?.activity_id)}, task, .*1 failed`))).toBeVisible()
  await expect(node(page, /^Planner, agent/)).toBeVisible()
  const mine = tasksOf('07_agents').filter((task) => task['agent_id'] === 'agent-planner' && task.activity_id === 'llm_interaction').length
  await expect(edge(page, `Planner carried out llm_interaction, captured ×${mine}`)).toHaveCount(1)
  await expect(edge(page, /^Planner delegated to Reporter/)).toHaveCount(1)
  const path = edge(page, /^Planner delegated to Reporter/).locator('path').first()
  await expect(path).toHaveAttribute('marker-end', /url/)
  await page.getByRole('radio', { name: 'PROV' }).click()
  await expect(edge(page, `llm_interaction wasAssociatedWith Planner, captured ×${mine}`)).toHaveCount(1)
  await expect(edge(page, /^Reporter actedOnBehalfOf Planner/).locator('path').first()).toHaveAttribute('marker-start', /url/)
  await expect(page.getByText('actedOnBehalfOf · ×2')).toBeVisible()
})

test('the path between two tasks, and that there is none', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('02_pipeline')] })
  await openLineage(page, { taskId: load?.task_id, column: null, direction: 'both', to: null })
  await expect(node(page, /^load_readings, task, .*what was asked about/)).toBeVisible()
  await showAll(page)
  await node(page, /^load_readings, task/).click()
  await expect(section(page, 'Identity')).toContainText(String(load?.task_id))
  await node(page, /^evaluate, task/).click({ modifiers: ['Shift'] })
  await expect(bar(page).getByRole('group', { name: `path from load_readings ${load?.task_id} to evaluate ${evaluate?.task_id}` })).toBeVisible()
  for (const task of station) await expect(node(page, new RegExp(`^${task.activity_id}, task`))).toHaveCount(1)
  await expect(node(page, /^publish_report/)).toHaveCount(0)
  // The other way round there is none, which is said, and the way that there is is offered.
  await tool(page, 'Show as list').click()
  await page.getByRole('textbox', { name: 'Task id of the first' }).fill(String(report?.task_id))
  await page.getByRole('textbox', { name: 'Task id of the last' }).fill(String(rank?.task_id))
  await page.getByRole('button', { name: 'Show the path' }).click()
  await expect(page.getByText('No way leads from the one to the other')).toBeVisible()
  await page.getByRole('button', { name: 'Show the way back' }).click()
  await expect(page.getByRole('grid', { name: /^Nodes of the graph/ })).toContainText('on the shortest way')
  await expect(page.getByRole('grid', { name: /^Nodes of the graph/ })).toContainText(String(report?.task_id))
})

test('a link shows the same lineage again', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('02_pipeline')] })
  await openLineage(page, { taskId: evaluate?.task_id, column: 'generated.mse', direction: 'up', to: null })
  const mse = String(evaluate?.generated['mse'])
  await expect(node(page, `mse ${mse}, value, what was asked about`)).toBeVisible()
  await page.reload()
  await expect(bar(page).getByRole('group', { name: `lineage of mse ${mse}` })).toBeVisible()
  await expect(node(page, `mse ${mse}, value, what was asked about`)).toBeVisible()
  await expect(page.getByRole('radio', { name: 'Up' })).toBeChecked()
  await expect(node(page, /^load_readings, task/)).toBeVisible()
  await page.goBack()
  await expect(bar(page).getByRole('group', { name: /^lineage/ })).toHaveCount(0)
})

test('the list has every node and all evidence, in the order of the drawing', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('10_dask')] })
  await openDataflow(page)
  await expect(node(page, /^load, 12 tasks/)).toBeVisible()
  const summaries = new Set(messagesOf('10_dask').filter(({ activity_id }) => activity_id === 'summarise').map(({ task_id }) => task_id))
  await expect(edge(page, new RegExp(`^load came before summarise, captured ×${summaries.size}`))).toHaveCount(1)
  const tops = await node(page, /./).evaluateAll((nodes) => nodes.map((element) => ({ key: element.getAttribute('data-key'), y: Math.round(element.getBoundingClientRect().top), x: element.getBoundingClientRect().left })))
  await tool(page, 'Show as list').click()
  const list = page.getByRole('grid', { name: /^Nodes of the graph/ })
  await expect(list.getByRole('row')).toHaveCount(tops.length + 1)
  expect(await list.locator('tr[data-key]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-key')))).toEqual(tops.toSorted((a, b) => a.y - b.y || a.x - b.x).map(({ key }) => key))
  const summarise = list.getByRole('row').filter({ hasText: /summarise\s*×12/ })
  await expect(summarise).toContainText('wasInformedBy load: captured by used.values')
  await summarise.click()
  await expect(inspector(page)).toContainText('12 tasks')
  await expect(section(page, 'Upstream path')).toContainText('load')
  await page.keyboard.press('ArrowDown')
  await expect(summarise).toHaveAttribute('aria-selected', 'false')
  await expect(list.locator('tr[aria-selected=true]')).toBeFocused()
})

test('tasks without data flow, with errors and in cycles are drawn as they are', async ({ workbench }) => {
  const errors = await workbench.open({ sources: [fixture('05_errors')] })
  await openDataflow(errors)
  await expect(bar(errors)).toContainText('Nothing ties them')
  const failed = tasksOf('05_errors').filter((task) => task.status === 'ERROR' && task.activity_id === 'fetch').length
  await expect(node(errors, new RegExp(`^fetch, 3 tasks, .*${failed} failed`))).toBeVisible()
  await expect(edge(errors, /./)).toHaveCount(0)

  const cycles = await workbench.open({ sources: [fixture('11_status_updates')] })
  await openDataflow(cycles)
  await expect(bar(cycles)).toContainText('1 named task missing')
  await expect(edge(cycles, /^post came before post, captured/)).toHaveCount(1)
  await node(cycles, /^post, 4 tasks/).dblclick()
  await expect(node(cycles, /^post, task/)).toHaveCount(4)
  // job-13 is its own parent; job-14 and job-15 are each other's.
  await cycles.getByRole('button', { name: 'Show as list' }).click()
  const list = cycles.getByRole('grid', { name: /^Nodes of the graph/ })
  await expect(list.locator('tr[data-key$="job-14"]')).toContainText('wasInformedBy post: captured by parent_task_id')
})

test('a task chosen elsewhere is chosen in the drawing, and the other way round', async ({ workbench }) => {
  const page = await workbench.open({ sources: [fixture('02_pipeline')] })
  await openLineage(page, { taskId: fit?.task_id, column: null, direction: 'both', to: null })
  await expect(node(page, /^fit_line, task/)).toHaveAttribute('aria-current', 'true')
  await showAll(page)
  await node(page, /^evaluate, task/).click()
  await expect(node(page, /^evaluate, task/)).toHaveAttribute('aria-current', 'true')
  await expect(section(page, 'Identity')).toContainText(String(evaluate?.task_id))
  // Columns stay in their places once all of them are known.
  await expect(status(page)).toContainText('Loaded')
  await openTable(page)
  await expect((await activeCell(page)).locator('xpath=..')).toContainText(String(evaluate?.task_id))
})

for (const theme of ['light', 'dark'] as const) {
  test(`no violations in the ${theme} theme`, async ({ workbench }) => {
    test.slow()
    const page = await workbench.open({ sources: [fixture('02_pipeline')], theme })
    await openDataflow(page)
    await expect(node(page, /^fit_line/)).toBeVisible()
    await expectAccessible(page, 'a scope')
    await openLineage(page, { taskId: evaluate?.task_id, column: 'generated.mse', direction: 'up', to: null })
    await expect(node(page, /^mse .*what was asked about/)).toBeVisible()
    await expectAccessible(page, 'a lineage')
    await showAll(page)
    await node(page, /^fit_line/).hover()
    await node(page, /^fit_line/).click()
    await expect(section(page, 'Identity')).toContainText(String(fit?.task_id))
    await expectAccessible(page, 'a task in a lineage')
    await page.getByRole('button', { name: 'Show as list' }).click()
    await expect(page.getByRole('grid', { name: /^Nodes of the graph/ })).toBeVisible()
    await expectAccessible(page, 'the list')
  })
}
