/** The Compare view: two runs of one source or of two, and the runs of a sweep, against what stands in the buffers. */
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { fixture, type Message, messagesOf, tasksOf } from './fixtures.ts'
import { expect, test } from './hosts.ts'
import { card, expectCounts, inspector, sourceRow, tree } from './regions.ts'

type Task = Message & { workflow_id: string; activity_id: string; task_id: string; started_at: number; ended_at: number; used: Record<string, unknown>; generated: Record<string, number> }
const tasks = tasksOf('12_sweep') as Task[]
const workflows = messagesOf('12_sweep').filter(({ type, status }) => type === 'workflow' && status === 'FINISHED') as (Message & { workflow_id: string; used: { nx: number; omega: number } })[]
const ofRun = (workflowId: string): Task[] => tasks.filter(({ workflow_id }) => workflow_id === workflowId)
const valueOf = (workflowId: string, activity: string, key: string): number => ofRun(workflowId).find(({ activity_id }) => activity_id === activity)?.generated[key] ?? NaN
const lastOf = (workflowId: string, key: string): number => ofRun(workflowId).reduce((value, task) => task.generated[key] ?? value, NaN)
const secondsOf = (workflowId: string): number => Math.max(...ofRun(workflowId).map((task) => task.ended_at)) - Math.min(...ofRun(workflowId).map((task) => task.started_at))
const idOf = (start: string): string => workflows.map(({ workflow_id }) => workflow_id).find((id) => id.startsWith(start)) ?? ''
const [a, b] = [idOf('49529fc8'), idOf('09351fc4')]
const shortest = workflows.toSorted((one, other) => secondsOf(one.workflow_id) - secondsOf(other.workflow_id))

const compare = (page: Page): Locator => page.getByRole('tabpanel', { name: 'Compare' })
const picker = (page: Page, side: 'A' | 'B'): Locator => compare(page).getByRole('button', { name: new RegExp(`^Run ${side}`) })
const fields = (page: Page): Locator => page.getByRole('table', { name: 'Parameters and outputs' })
const field = (page: Page, name: string): Locator => fields(page).getByRole('row').filter({ has: page.getByText(name, { exact: true }) })
const figure = (page: Page, words: string): Locator => card(page, 'Runs').locator('dl > div').filter({ hasText: words }).locator('dd')
const runs = (page: Page): Locator => page.getByRole('grid', { name: 'Runs' })
const runRow = (page: Page, workflowId: string): Locator => runs(page).getByRole('row').filter({ hasText: workflowId.slice(0, 8) })
const inTree = (page: Page, workflowId: string): Locator => tree(page).getByTitle(new RegExp(workflowId))
const pairOf = (page: Page): { a: string | null; b: string | null } => {
  const params = new URLSearchParams(new URL(page.url()).hash.split('?')[1])
  const id = (side: string): string | null => (JSON.parse(params.get(side) ?? 'null') as { id: string | null } | null)?.id ?? null
  return { a: id('a'), b: id('b') }
}

async function openCompare(page: Page): Promise<void> {
  await expect(tree(page).getByRole('treeitem').first()).toBeVisible()
  const tab = page.getByRole('tab', { name: 'Compare' })
  if (await tab.isVisible()) await tab.click()
  else await page.keyboard.press('Control+8')
  await expect(page.getByRole('radiogroup', { name: 'Compare' })).toBeVisible()
}

async function markByMenu(page: Page, workflowId: string, side: 'A' | 'B'): Promise<void> {
  await inTree(page, workflowId).click({ button: 'right' })
  await page.getByRole('menuitem', { name: `Compare: mark as ${side}` }).click()
}

async function openPair(page: Page): Promise<void> {
  await markByMenu(page, a, 'A')
  await markByMenu(page, b, 'B')
  await expect(field(page, 'generated.residual').first()).toBeVisible()
}

async function openSweep(page: Page): Promise<void> {
  await openCompare(page)
  await page.getByRole('radiogroup', { name: 'Compare' }).getByRole('radio', { name: 'Sweep' }).click()
  await expect(runs(page).getByRole('row').nth(1)).toBeVisible()
}

const idsInOrder = (page: Page): Promise<string[]> => runs(page).locator('[role=row][aria-selected]').evaluateAll((rows) => rows.map((row) => row.children[1]?.textContent?.slice(0, 8) ?? ''))

test.describe('two runs', () => {
  test('are marked in the navigator, and what differs is the file’s', async ({ workbench }) => {
    const page = await workbench.open({ sources: [fixture('12_sweep')] })
    await openPair(page)
    await expect(page.getByRole('tab', { name: 'Compare' })).toHaveAttribute('aria-selected', 'true')
    await expect(inTree(page, a)).toContainText('run A')
    await expect(inTree(page, b)).toContainText('run B')
    await expect(picker(page, 'A')).toContainText(a.slice(0, 8))
    await expect(picker(page, 'A')).toContainText('omega 1.4')
    await expect(picker(page, 'B')).toContainText(b.slice(0, 8))
    await expect(figure(page, 'parameters differ')).toHaveText('1 of 2')
    await expect(figure(page, 'matched')).toHaveText('3')
    await expect(figure(page, 'only in A')).toHaveText('0')
    await expect(figure(page, 'only in B')).toHaveText('0')
    const parameter = field(page, 'used.omega').first().getByRole('cell')
    await expect(parameter.nth(1)).toContainText('1.4')
    await expect(parameter.nth(2)).toContainText('1.9')
    await expect(parameter.nth(3)).toHaveText('+0.5')
    await expect(parameter.nth(4)).toHaveText('+35.7')
    const iterations = field(page, 'generated.iterations').first().getByRole('cell')
    await expect(iterations.nth(1)).toContainText(String(valueOf(a, 'relax', 'iterations')))
    await expect(iterations.nth(2)).toContainText(String(valueOf(b, 'relax', 'iterations')))
    await expect(iterations.nth(3)).toHaveText('−5')
    await expect(iterations.nth(4)).toHaveText('−35.7')
    const residual = field(page, 'generated.residual').first().getByRole('cell')
    await expect(residual.nth(1).getByRole('button')).toHaveAttribute('title', new RegExp(`^${valueOf(a, 'relax', 'residual')}\\s`))
    // What is equal is not listed but counted.
    await expect(field(page, 'generated.stable')).toHaveCount(0)
    await expect(fields(page)).toContainText('equal, hidden')
    await page.getByRole('radiogroup', { name: 'Fields shown' }).getByRole('radio', { name: /^All/ }).click()
    await expect(field(page, 'generated.stable').first()).toBeVisible()
    await expect(field(page, 'used.nx').first()).toBeVisible()
  })

  test('C marks the chosen node, and the second mark opens them', async ({ workbench }) => {
    const page = await workbench.open({ sources: [fixture('12_sweep')] })
    await inTree(page, a).click()
    await page.keyboard.press('c')
    await expect(page.getByText('Marked as run A')).toBeVisible()
    await expect(inTree(page, a)).toContainText('run A')
    await inTree(page, b).click()
    await page.keyboard.press('c')
    await expect(page.getByRole('tab', { name: 'Compare' })).toHaveAttribute('aria-selected', 'true')
    await expect.poll(() => pairOf(page)).toEqual({ a, b })
    await expect(figure(page, 'matched')).toHaveText('3')
  })

  test('a value leads to its task, by mouse and by keys', async ({ workbench }) => {
    const page = await workbench.open({ sources: [fixture('12_sweep')] })
    await openPair(page)
    const inB = ofRun(b).find(({ activity_id }) => activity_id === 'relax')?.task_id ?? ''
    await field(page, 'generated.iterations').first().getByRole('cell').nth(2).getByRole('button').click()
    await expect(inspector(page)).toContainText(inB)
    await fields(page).focus()
    await page.getByRole('radio', { name: 'Only differences' }).focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('End')
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowLeft')
    await expect(fields(page).locator(':focus')).toBeVisible()
    await page.keyboard.press('Enter')
    await expect(inspector(page)).toContainText(ofRun(a).find(({ activity_id }) => activity_id === 'relax')?.task_id ?? '')
  })

  test('the first divergent value leads to the dataflow', async ({ workbench }) => {
    const page = await workbench.open({ sources: [fixture('12_sweep')] })
    await openPair(page)
    const divergence = card(page, 'First divergent value')
    await expect(divergence).toContainText('relax')
    await expect(divergence).toContainText(/generated\.(residual|iterations)/)
    await expect(divergence).toContainText('used.omega')
    await divergence.getByRole('button', { name: 'Open in Dataflow' }).click()
    await expect(page.getByRole('tab', { name: 'Dataflow' })).toHaveAttribute('aria-selected', 'true')
    const lineage = new URLSearchParams(new URL(page.url()).hash.split('?')[1]).get('lineage')
    expect(JSON.parse(lineage ?? '{}')).toMatchObject({ taskId: ofRun(b).find(({ activity_id }) => activity_id === 'relax')?.task_id, direction: 'up' })
  })

  test('times by activity are the file’s, and bars can be read as a table', async ({ workbench }) => {
    const page = await workbench.open({ sources: [fixture('12_sweep')] })
    await openPair(page)
    const durations = page.getByRole('table', { name: 'Duration by activity' })
    for (const activity of ['build_grid', 'relax', 'summarise']) {
      const cells = durations.getByRole('row').filter({ has: page.getByRole('cell', { name: activity, exact: true }) }).getByRole('cell')
      const micros = (run: string): number => Math.max(...ofRun(run).filter(({ activity_id }) => activity_id === activity).map((task) => (task.ended_at - task.started_at) * 1e6))
      await expect(cells.nth(1)).toHaveText('1')
      await expect(cells.nth(4)).toHaveText(micros(a).toFixed(0))
      await expect(cells.nth(5)).toHaveText(micros(b).toFixed(0))
    }
    const overTime = card(page, 'Over time')
    await expect(overTime.getByRole('img', { name: /^Run A/ })).toBeVisible()
    await overTime.getByRole('button', { name: 'Show as table' }).click()
    await expect(overTime.getByRole('row')).toHaveCount(7)
    await expect(overTime.getByRole('cell', { name: 'A build_grid' })).toBeVisible()
  })

  test('are swapped, taken from the list, and found equal', async ({ workbench }) => {
    const page = await workbench.open({ sources: [fixture('12_sweep')] })
    await openPair(page)
    await page.getByRole('button', { name: 'Swap A and B' }).click()
    await expect.poll(() => pairOf(page)).toEqual({ a: b, b: a })
    await expect(field(page, 'used.omega').first().getByRole('cell').nth(3)).toHaveText('−0.5')
    await picker(page, 'B').click()
    await page.getByRole('textbox', { name: 'Find a run' }).fill('0f3c101e')
    const option = page.getByRole('listbox', { name: 'Runs for B' }).getByRole('option')
    await expect(option).toHaveCount(1)
    await expect(option).toContainText('nx 16, omega 1.9')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect.poll(() => pairOf(page)).toEqual({ a: b, b: idOf('0f3c101e') })
    await expect(field(page, 'used.omega')).toHaveCount(0)
    await expect(field(page, 'used.nx').first()).toBeVisible()
  })

  test('of two sources are compared; a link brings them back; closing one is said', async ({ workbench }) => {
    test.skip(workbench.host === 'desktop', 'The desktop shows its own file dialogs.')
    const copy = join(workbench.folder, 'again.jsonl')
    await copyFile(fixture('12_sweep'), copy)
    const page = await workbench.open({ sources: [fixture('12_sweep')] })
    await expectCounts(page, tasks.length, tasks.length)
    await openSecond(page, 'again.jsonl')
    await expect(sourceRow(page, 'again.jsonl')).toBeVisible()
    await sourceRow(page, '12_sweep.jsonl').click()
    await markByMenu(page, a, 'A')
    await sourceRow(page, 'again.jsonl').click()
    await markByMenu(page, a, 'B')
    await expect(picker(page, 'A')).toContainText('12_sweep.jsonl')
    await expect(picker(page, 'B')).toContainText('again.jsonl')
    await expect(card(page, 'Parameters and outputs')).toContainText(/Nothing differs in \d+ fields of 3 matched tasks/)
    await expect(card(page, 'Missing tasks')).toContainText('every task has a counterpart')
    await page.reload()
    await expect(card(page, 'Parameters and outputs')).toContainText(/Nothing differs in \d+ fields of 3 matched tasks/)
    await sourceRow(page, '12_sweep.jsonl').click({ button: 'right' })
    await page.getByRole('menuitem', { name: /^Close/ }).click()
    await expect(compare(page)).toContainText('The source of A is not open any more')
    await page.getByRole('button', { name: 'Let A go' }).click()
    await expect(compare(page)).toContainText('Choose run A')
  })

  test('of other shapes say which tasks are missing', async ({ workbench }) => {
    const page = await workbench.open({ sources: [fixture('04_campaign')] })
    await expect(tree(page).getByRole('treeitem').first()).toBeVisible()
    const all = tasksOf('04_campaign') as Task[]
    const named = messagesOf('04_campaign').filter(({ type }) => type === 'workflow') as (Message & { workflow_id: string; name: string })[]
    const idNamed = (name: string): string => named.find((workflow) => workflow.name === name)?.workflow_id ?? ''
    const [quality, moisture] = [idNamed('quality_check'), idNamed('moisture')]
    await openCompare(page)
    await page.getByRole('button', { name: 'Choose run A…' }).click()
    await page.getByRole('textbox', { name: 'Find a run' }).fill(quality)
    const option = page.getByRole('listbox').getByRole('option')
    await expect(option).toHaveCount(1)
    await option.click()
    await expect(compare(page)).toContainText('Choose run B')
    await picker(page, 'B').click()
    await page.getByRole('textbox', { name: 'Find a run' }).fill(moisture)
    await expect(option).toHaveCount(1)
    await option.click()
    // The two workflows are counterparts; what they have in common is an activity, once in A and eight times in B, whose sub-workflow A is.
    const ofA = all.filter(({ workflow_id }) => workflow_id === quality)
    const ofB = all.filter(({ workflow_id }) => workflow_id === quality || workflow_id === moisture)
    expect([ofA.length, ofB.length]).toEqual([2, 14])
    await expect(figure(page, 'matched')).toHaveText('1')
    await expect(figure(page, 'only in A')).toHaveText('1')
    await expect(figure(page, 'only in B')).toHaveText('13')
    await expect(card(page, 'Missing tasks')).toContainText('1 only in A, 13 only in B')
    await expect(card(page, 'Missing tasks').locator('[data-row]').filter({ hasText: 'mosaic' })).toHaveCount(1)
    const row = card(page, 'Missing tasks').locator('[data-row]').filter({ hasText: /moisture_index ×\d/ }).first()
    const missing = Number(/×(\d+)/.exec((await row.getByRole('button', { name: /^moisture_index/ }).textContent()) ?? '')?.[1])
    await row.getByRole('button', { name: /^moisture_index/ }).click()
    await expect(inspector(page)).toContainText('moisture_index')
    await row.getByRole('button', { name: 'in the table' }).click()
    await expectCounts(page, missing, all.length)
  })

  test('are asked for where nothing is chosen', async ({ workbench }) => {
    const page = await workbench.open({ sources: [fixture('12_sweep')] })
    await openCompare(page)
    await page.getByRole('button', { name: 'Compare the two latest workflows' }).click()
    await expect.poll(() => pairOf(page)).toEqual({ a, b })
    const one = await workbench.open({ sources: [fixture('05_errors')] })
    await openCompare(one)
    await expect(compare(one)).toContainText('nothing to compare it with')
  })
})

async function openSecond(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+o')
  const dialog = page.getByRole('dialog', { name: /^Open files on/ })
  await dialog.getByRole('checkbox', { name: `Choose ${name}` }).click()
  await dialog.getByRole('button', { name: `Open ${name}` }).click()
  await expect(dialog).toBeHidden()
}

test.describe('a sweep', () => {
  test('has the best by its objective, in the order of the objective', async ({ workbench }) => {
    const page = await workbench.open({ sources: [fixture('12_sweep')] })
    await openSweep(page)
    expect(await idsInOrder(page)).toEqual(shortest.map(({ workflow_id }) => workflow_id.slice(0, 8)))
    await expect(card(page, 'Objective')).toContainText(`Best of ${workflows.length} runs: ${shortest[0]?.workflow_id.slice(0, 8)}`)
    await expect(runRow(page, shortest[0]?.workflow_id ?? '').getByRole('img', { name: 'best' })).toBeVisible()
    await expect(runs(page)).toHaveAttribute('aria-rowcount', String(workflows.length + 1))
    // Another objective, the other way round.
    await card(page, 'Objective').getByRole('button', { name: /^Column of the objective/ }).click()
    await page.getByRole('combobox', { name: /^Find: Column/ }).fill('generated.iterations')
    await page.keyboard.press('Enter')
    await card(page, 'Objective').getByRole('combobox', { name: 'Goal' }).click()
    await page.getByRole('option', { name: 'Maximise' }).click()
    const most = Math.max(...workflows.map(({ workflow_id }) => lastOf(workflow_id, 'iterations')))
    await expect(card(page, 'Objective')).toContainText(` ${most}`)
    await expect(runs(page).getByRole('columnheader', { name: /^iterations/ })).toHaveAttribute('aria-sort', 'descending')
  })

  test('sets runs that miss a condition apart', async ({ workbench }) => {
    const page = await workbench.open({ sources: [fixture('12_sweep')] })
    await openSweep(page)
    await page.getByRole('button', { name: 'Add a condition' }).click()
    await page.getByRole('button', { name: /^Column: / }).click()
    await page.getByRole('combobox', { name: 'Find: Column' }).fill('generated.residual')
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: 'Value' }).fill('nonsense')
    await page.getByRole('button', { name: 'Add condition' }).click()
    await expect(page.getByRole('alert')).toContainText('A number')
    await page.getByRole('textbox', { name: 'Value' }).fill('7.4e-5')
    await page.getByRole('button', { name: 'Add condition' }).click()
    const meeting = shortest.filter(({ workflow_id }) => lastOf(workflow_id, 'residual') <= 7.4e-5)
    expect(meeting.length).toBeGreaterThan(0)
    await expect(card(page, 'Objective')).toContainText(`Best of ${meeting.length} that meet it: ${meeting[0]?.workflow_id.slice(0, 8)}`)
    await expect(runs(page)).toContainText('Do not meet residual ≤ 7.4e−5')
    const others = shortest.filter((workflow) => !meeting.includes(workflow))
    expect(await idsInOrder(page)).toEqual([...meeting, ...others].map(({ workflow_id }) => workflow_id.slice(0, 8)))
    await page.getByRole('button', { name: /^Remove generated.residual/ }).click()
    await expect(runs(page)).not.toContainText('Do not meet')
  })

  test('keeps what passes a brush, by fields and by a drag; a link restores it', async ({ workbench }) => {
    const page = await workbench.open({ sources: [fixture('12_sweep')] })
    await openSweep(page)
    await page.getByRole('button', { name: /omega.*: no brush/ }).click()
    await page.getByRole('textbox', { name: 'used.omega from' }).fill('1.2')
    await page.getByRole('textbox', { name: 'used.omega to' }).fill('1.95')
    await page.keyboard.press('Enter')
    const passing = shortest.filter(({ used }) => used.omega >= 1.2 && used.omega <= 1.95)
    await expect(card(page, 'Parallel coordinates')).toContainText(`${passing.length} of ${workflows.length} runs pass used.omega 1.2 – 1.95`)
    await expect.poll(() => idsInOrder(page)).toEqual(passing.map(({ workflow_id }) => workflow_id.slice(0, 8)))
    await expect(card(page, 'Objective')).toContainText(`Best of ${passing.length} in the brush: ${passing[0]?.workflow_id.slice(0, 8)}`)
    await runs(page).getByRole('columnheader', { name: /^omega/ }).getByRole('button').click()
    await expect(runs(page).getByRole('columnheader', { name: /^omega/ })).toHaveAttribute('aria-sort', 'ascending')
    await runs(page).getByRole('columnheader', { name: /^omega/ }).getByRole('button').click()
    await expect(runs(page).getByRole('columnheader', { name: /^omega/ })).toHaveAttribute('aria-sort', 'descending')
    await expect.poll(async () => (await runs(page).locator('[role=row][aria-selected]').first().textContent())?.includes('1.9')).toBe(true)
    await page.reload()
    await expect(card(page, 'Parallel coordinates')).toContainText(`${passing.length} of ${workflows.length} runs pass used.omega 1.2 – 1.95`)
    await expect(runs(page).getByRole('columnheader', { name: /^omega/ })).toHaveAttribute('aria-sort', 'descending')
    await expect(runs(page)).toHaveAttribute('aria-rowcount', String(passing.length + 1))
    await page.getByRole('button', { name: 'Clear brush' }).click()
    await expect(runs(page)).toHaveAttribute('aria-rowcount', String(workflows.length + 1))
    // Over the upper half of omega's axis.
    const strip = card(page, 'Parallel coordinates').locator('[data-axis="used.omega"]')
    const box = (await strip.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
    await page.mouse.move(box.x + box.width / 2, box.y + 1)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 })
    await page.mouse.up()
    const upper = workflows.filter(({ used }) => used.omega > 1.35)
    await expect(runs(page)).toHaveAttribute('aria-rowcount', String(upper.length + 1))
    await strip.click()
    await expect(runs(page)).toHaveAttribute('aria-rowcount', String(workflows.length + 1))
  })

  test('compares the chosen run with the best', async ({ workbench }) => {
    const page = await workbench.open({ sources: [fixture('12_sweep')] })
    await openSweep(page)
    await expect(page.getByRole('button', { name: 'Compare selected with best' })).toBeDisabled()
    await runs(page).focus()
    await page.keyboard.press('End')
    const last = shortest.at(-1)?.workflow_id ?? ''
    await expect(runRow(page, last)).toHaveAttribute('aria-selected', 'true')
    const beside = card(page, 'Selected beside the best')
    await expect(beside).toContainText(last.slice(0, 8))
    await expect(beside.getByRole('row').filter({ hasText: 'duration' })).toBeVisible()
    await page.keyboard.press('ArrowUp')
    await expect(runRow(page, shortest.at(-2)?.workflow_id ?? '')).toHaveAttribute('aria-selected', 'true')
    await page.getByRole('button', { name: 'Compare selected with best' }).click()
    await expect.poll(() => pairOf(page)).toEqual({ a: shortest.at(-2)?.workflow_id, b: shortest[0]?.workflow_id })
    await expect(page.getByRole('radio', { name: 'Two runs' })).toBeChecked()
    await expect(figure(page, 'matched')).toHaveText('3')
  })

  test('chooses its columns and axes, and shows points as a table', async ({ workbench }) => {
    const page = await workbench.open({ sources: [fixture('12_sweep')] })
    await openSweep(page)
    await page.getByRole('button', { name: /^\d+ of \d+ columns$/ }).click()
    const columns = page.getByRole('dialog', { name: 'Columns' })
    await columns.getByRole('textbox', { name: 'Find a column' }).fill('generated.rate')
    const box = columns.getByRole('list', { name: 'Columns' }).getByRole('checkbox')
    await expect(box).toHaveCount(1)
    const before = await box.isChecked()
    await box.click()
    await page.keyboard.press('Escape')
    await expect(runs(page).getByRole('columnheader', { name: /^rate/ })).toHaveCount(before ? 0 : 1)
    const scatter = card(page, 'Scatter')
    await scatter.getByRole('button', { name: /^Up:/ }).click()
    await page.getByRole('combobox', { name: 'Find: Up' }).fill('generated.iterations')
    await page.keyboard.press('Enter')
    await expect(scatter).toContainText(`${workflows.length} of ${workflows.length} have both`)
    await scatter.getByRole('button', { name: 'Show as table' }).click()
    await expect(scatter.getByRole('row')).toHaveCount(workflows.length + 1)
    await expect(scatter.getByRole('columnheader').last()).toHaveText('generated.iterations')
  })

  test('has tasks or campaigns for rows', async ({ workbench }) => {
    const page = await workbench.open({ sources: [fixture('12_sweep')] })
    await openSweep(page)
    await page.getByRole('radiogroup', { name: 'A row is a' }).getByRole('radio', { name: 'Task' }).click()
    await expect(runs(page)).toHaveAttribute('aria-rowcount', String(tasks.length + 1))
    await runs(page).getByRole('row').nth(1).click()
    const quickest = tasks.toSorted((one, other) => one.ended_at - one.started_at - (other.ended_at - other.started_at))[0]
    await page.keyboard.press('Control+i')
    await expect(inspector(page)).toContainText(quickest?.task_id ?? '')
    await page.getByRole('radiogroup', { name: 'A row is a' }).getByRole('radio', { name: 'Campaign' }).click()
    await expect(compare(page)).toContainText('There is one campaign in scope')
  })
})

for (const theme of ['light', 'dark'] as const) {
  test(`no violations in the ${theme} theme`, async ({ workbench }) => {
    test.slow()
    const page = await workbench.open({ theme, sources: [fixture('12_sweep')] })
    await openCompare(page)
    await expect(page.getByRole('button', { name: 'Compare the two latest workflows' })).toBeVisible()
    await expectAccessible(page, 'nothing chosen')
    await page.getByRole('button', { name: 'Compare the two latest workflows' }).click()
    await expect(field(page, 'generated.residual').first()).toBeVisible()
    await expectAccessible(page, 'two runs')
    await picker(page, 'A').click()
    await expect(page.getByRole('option').first()).toBeVisible()
    await expectAccessible(page, 'list of runs')
    await page.keyboard.press('Escape')
    await openSweep(page)
    await runs(page).focus()
    await page.keyboard.press('End')
    await expectAccessible(page, 'sweep')
    await page.getByRole('button', { name: 'Add a condition' }).click()
    await expect(page.getByRole('textbox', { name: 'Value' })).toBeVisible()
    await expectAccessible(page, 'condition')
  })
}
