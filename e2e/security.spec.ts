/** A buffer is somebody else's text: it is shown as text, runs nothing, and nothing leaves for elsewhere. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cellsOf, grid, openTable } from './grid.ts'
import { expect, sample, test } from './hosts.ts'
import { card, expectCounts, inspector, tree } from './regions.ts'

const attack = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>'
const link = 'javascript:window.broken=1'

test('markup and script in records are text everywhere', async ({ workbench }) => {
  const path = join(workbench.folder, '<b>evil.jsonl')
  const task = { type: 'task', task_id: `t-${attack}`, activity_id: attack, workflow_id: attack, campaign_id: attack, status: 'ERROR', stderr: attack, hostname: link, started_at: 1795406558, ended_at: 1795406559, used: { [attack]: attack, url: link }, generated: { __proto__x: link }, tags: [attack] }
  await writeFile(path, `${JSON.stringify(task)}\n${JSON.stringify({ type: 'workflow', workflow_id: attack, name: attack })}\n{"broken ${attack}\n`)
  const page = await workbench.open({ sources: [path] })
  await expectCounts(page, 1, 1)
  await expect(card(page, 'Errors')).toContainText(attack)
  await expect(card(page, 'Activities')).toContainText(attack)
  await expect(tree(page)).toContainText(attack)
  await openTable(page)
  await expect(await cellsOf(page, 'activity_id')).toHaveText([attack])
  await grid(page).getByRole('gridcell').first().click()
  await expect(inspector(page)).toContainText(link)
  await page.getByRole('button', { name: '1 problem' }).click()
  await expect(page.getByRole('region', { name: /^Problems/ })).toContainText(attack)
  expect(await page.evaluate(() => 'broken' in window)).toBe(false)
  await expect(page.locator('img')).toHaveCount(0)
  await expect(page.locator('a[href^="javascript:"]')).toHaveCount(0)
})

test('the page’s policy stops evaluated and inline code, and requests to elsewhere', async ({ workbench }) => {
  const page = await workbench.open({ sources: [sample] })
  await expectCounts(page, 22, 22)
  const tried = await page.evaluate(async () => {
    const blocked: string[] = []
    document.addEventListener('securitypolicyviolation', (event) => blocked.push(event.effectiveDirective))
    const inline = document.createElement('script')
    inline.textContent = 'window.broken = 1'
    document.body.append(inline)
    // In a callback: what a debugger runs itself may evaluate.
    const evaluated = await new Promise<string>((resolve) => {
      setTimeout(() => {
        try {
          // oxlint-disable-next-line no-eval
          globalThis.eval('window.broken = 2')
          resolve('ran')
        } catch (error) {
          resolve((error as Error).name)
        }
      })
    })
    const fetched = await fetch('https://example.org/').then(
      () => 'reached',
      () => 'refused'
    )
    await new Promise((resolve) => setTimeout(resolve))
    return { blocked: [...new Set(blocked)].sort(), evaluated, fetched, broken: 'broken' in window }
  })
  expect(tried).toEqual({ blocked: expect.arrayContaining(['connect-src', 'script-src-elem']) as string[], evaluated: 'EvalError', fetched: 'refused', broken: false })
  expect(workbench.faults.length).toBeGreaterThan(0)
  // They were provoked here.
  workbench.faults.length = 0
})

test('no request leaves for elsewhere', async ({ workbench }) => {
  test.skip(workbench.host === 'desktop', 'The desktop serves its page by a scheme of its own.')
  const page = await workbench.open()
  const { origin } = new URL(page.url())
  const elsewhere: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('blob:') && !request.url().startsWith('data:')) elsewhere.push(request.url())
  })
  await page.reload()
  await page.getByRole('button', { name: /^Open the sample/ }).click()
  await expectCounts(page, 22, 22)
  await openTable(page)
  await grid(page).getByRole('gridcell').first().click()
  await expect(inspector(page)).toContainText('load_readings')
  expect(elsewhere).toEqual([])
})
