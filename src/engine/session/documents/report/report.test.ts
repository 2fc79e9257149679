/** The report: one page that says what the engine says, runs nothing, loads nothing, and shows captured text as text. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AskedEngine, askEngine } from '../../../../testing/askEngine.ts'
import { makeDocument } from '../../../../testing/makeDocument.ts'
import { fixtureFolder } from '../../../../testing/openFixture.ts'

let engine: AskedEngine
beforeAll(async () => {
  engine = await askEngine()
})
afterAll(async () => await engine.close())

type Asked = Partial<Parameters<typeof makeDocument>[1]>
async function reportOf(path: string, asked: Asked = {}): Promise<string> {
  const { sourceId } = await engine.open(path)
  return readFileSync(await makeDocument(engine, { sourceId, format: 'html-report', ...asked }), 'utf8')
}

/** The text of a section, without its tags. */
function section(page: string, title: string): string {
  const found = page.split('<section>').find((part) => part.startsWith(`<h2>${title}</h2>`)) ?? ''
  return found.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
}

describe('an HTML report', () => {
  it('has the figures of the run', async () => {
    const page = await reportOf(`${fixtureFolder}/jsonl/05_errors.jsonl`)
    const { sources } = await engine.ask('sources.list', {})
    const sourceId = sources.at(-1)?.sourceId as string
    const summary = await engine.ask('overview.summary', { sourceId })
    const { activities } = await engine.ask('overview.activities', { sourceId, limit: 100 })
    const { errors, messages } = await engine.ask('overview.errors', { sourceId, limit: 20 })
    expect(section(page, 'The run')).toContain(`Tasks ${summary.tasks} `)
    for (const [status, count] of Object.entries(summary.statuses)) if (count > 0) expect(section(page, 'Status')).toContain(`${status} ${count} `)
    for (const { activity, errors: failed, tasks } of activities) expect(section(page, 'Activities')).toContain(`${activity} ${tasks} ${failed} `)
    expect(section(page, 'Errors')).toContain(`${errors} tasks failed.`)
    for (const { text } of messages) expect(section(page, 'Errors').replaceAll('&#39;', "'").replaceAll('&quot;', '"')).toContain((text ?? '').replaceAll(/\s+/g, ' ').trim())
    expect(page.match(/class="b-ERROR"/g)?.length).toBeGreaterThan(0)
  })

  it('shows whatever a record holds as text', async () => {
    const nasty = `</title></style></section><script>alert(1)</script><img src=x onerror="alert(2)">'"&\u0000`
    const task = (id: string, more: object): string => JSON.stringify({ type: 'task', task_id: id, workflow_id: nasty, campaign_id: nasty, activity_id: nasty, hostname: nasty, user: nasty, status: 'ERROR', started_at: 1763870558, ended_at: 1763870559, stderr: nasty, used: { [nasty]: `${nasty}x` }, generated: { [nasty]: `${nasty}x` }, ...more })
    const workflow = JSON.stringify({ type: 'workflow', workflow_id: nasty, name: nasty, campaign_id: nasty, user: nasty, workflow_description: nasty, status: nasty, code_repository: { remote: `javascript:${nasty}` } })
    const path = join(engine.folder, 'nasty.jsonl')
    writeFileSync(path, `${[workflow, task(nasty, {}), task('b', { started_at: 1763870560, ended_at: 1763870561 }), task('c', { status: `x" onload="alert(3)` })].join('\n')}\n`)
    const { sourceId } = await engine.open(path)
    const pages = [await reportOf(path), await reportOf(path, { subject: { kind: 'lineage', taskId: nasty } }), await reportOf(path, { subject: { kind: 'workflow', id: nasty } }), await reportOf(path, { subject: { kind: 'campaign', id: nasty } })]
    for (const page of pages) {
      expect(page).not.toMatch(/<(?:script|img|link|iframe|object|base|form)/i)
      // Attributes without their values, which may say anything.
      const bare = page.replaceAll(/="[^"<>]*"/g, '=""')
      expect(bare).not.toMatch(/<[^>]*\son\w+=/i)
      expect(page.match(/<\/title>/g)?.length).toBe(page.match(/<title>/g)?.length)
      expect(page.match(/<\/style>/g)).toHaveLength(1)
      expect(page).not.toContain('\u0000')
      expect(bare).not.toMatch(/<[^>]*\b(?:href|src)=/)
      expect(page).toContain(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">`)
      expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    }
    await engine.ask('sources.close', { sourceId })
  })

  it('is of a lineage, a workflow or a campaign, and says so', async () => {
    const path = `${fixtureFolder}/jsonl/12_sweep.jsonl`
    const { sourceId } = await engine.open(path)
    const { rows } = await engine.ask('rows.page', { sourceId, records: 'tasks', columns: ['workflow_id'], limit: 1, sort: [] })
    const [taskId, id] = [rows[0]?.id as string, String(rows[0]?.cells[0])]
    const lineage = await reportOf(path, { subject: { kind: 'lineage', taskId } })
    expect(section(lineage, 'The run')).toContain(`Tasks ${(await engine.ask('lineage.page', { sourceId, taskId })).nodes} `)
    expect(lineage).toContain('<h2>Lineage</h2>')
    expect(section(await reportOf(path, { subject: { kind: 'campaign', id: 'sweep-omega' } }), 'The run')).toContain('Tasks 24 Workflows 8 ')
    const ofWorkflow = (await engine.ask('filter.check', { sourceId, filter: { workflow_id: id } })).count
    expect(section(await reportOf(path, { subject: { kind: 'workflow', id } }), 'The run')).toContain(`Tasks ${ofWorkflow} Workflows 1 `)
    const filter = { activity_id: 'nobody' }
    await expect(reportOf(path, { scope: { filter, search: '' } })).rejects.toThrow('What is shown has no tasks')
  })
})
