/** Documents as jobs: read back, with a manifest beside them, their secrets treated, and refused where there is nothing to say. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentFormats } from '#contract/exports'
import { type AskedEngine, askEngine } from '../../../testing/askEngine.ts'
import { makeDocument } from '../../../testing/makeDocument.ts'
import { fixtureFolder } from '../../../testing/openFixture.ts'

let engine: AskedEngine
beforeAll(async () => {
  engine = await askEngine()
})
afterAll(async () => await engine.close())

/** All text of a document, of a crate that of its files. */
function textOf(path: string): string {
  const bytes = readFileSync(path)
  if (bytes[0] !== 0x50) return bytes.toString()
  return Object.values(unzipSync(bytes)).map((file) => Buffer.from(file).toString()).join('\n')
}

describe('documents as jobs', () => {
  it.each(documentFormats)('%s: is read back, counted, and described by its manifest', async (format) => {
    const { counts, sourceId } = await engine.open(`${fixtureFolder}/jsonl/02_pipeline.jsonl`)
    const path = await makeDocument(engine, { sourceId, format, subject: { kind: 'campaign', id: 'b2645fc9-54ba-489c-bf21-81570fd6e0ca' } })
    const job = (await engine.ask('exports.list', {})).exports[0]
    expect(job?.rows).toBe(counts.tasks)
    expect(job?.checks.length).toBeGreaterThanOrEqual({ 'prov-json': 2, 'prov-n': 2, 'ro-crate': 6, 'workflow-card': 1, 'html-report': 1 }[format])
    for (const check of job?.checks ?? []) expect(check).toMatchObject({ ok: true, found: check.expected })
    const manifest = JSON.parse(job?.manifest ?? '') as { result: object; selection: object; rows: number; related: object; verification: object }
    expect(manifest).toMatchObject({
      result: { format, sha256: createHash('sha256').update(readFileSync(path)).digest('hex'), bytes: readFileSync(path).length },
      selection: { subject: { kind: 'campaign', id: 'b2645fc9-54ba-489c-bf21-81570fd6e0ca' }, inferred: true, filter: {} },
      rows: counts.tasks,
      related: { workflow: 1, agent: 0, object: 0 },
      verification: { done: true, ok: true }
    })
    // What was made on the way is gone.
    expect(readdirSync(join(engine.folder, 'temp'), { recursive: true }).filter((name) => String(name).includes('document-'))).toEqual([])
  })

  it.each(documentFormats)('%s: has no value that looks like a secret, if that is asked for', async (format) => {
    const secret = 'hunter2-swordfish-9931'
    const url = `mongodb://ada:${secret}@db.example.org/flowcept`
    const path = join(engine.folder, `${format}.jsonl`)
    const task = { type: 'task', task_id: 't1', workflow_id: 'w1', activity_id: 'load', status: 'ERROR', started_at: 1763870558, ended_at: 1763870559, stderr: `cannot reach ${url}`, used: { db_password: secret, url }, generated: { rows: 3 } }
    const workflow = { type: 'workflow', workflow_id: 'w1', name: 'secrets', used: { api_key: secret }, custom_metadata: { url }, code_repository: { remote: `https://ada:${secret}@git.example.org/x` } }
    const passed = { ...task, task_id: 't2', stderr: '', status: 'FINISHED', generated: { db_password: secret, url } }
    writeFileSync(path, [workflow, passed, { ...task, started_at: 1763870560, ended_at: 1763870561 }].map((one) => `${JSON.stringify(one)}\n`).join(''))
    const { sourceId } = await engine.open(path)
    for (const secrets of ['replace', 'leave-out'] as const) expect(textOf(await makeDocument(engine, { sourceId, format, secrets }))).not.toContain(secret)
    expect(textOf(await makeDocument(engine, { sourceId, format, secrets: 'keep' }))).toContain(secret)
  })

  it('refuses a source without tasks', async () => {
    const path = join(engine.folder, 'empty.jsonl')
    writeFileSync(path, `${JSON.stringify({ type: 'workflow', workflow_id: 'w1', name: 'alone' })}\n`)
    const { sourceId } = await engine.open(path)
    await expect(makeDocument(engine, { sourceId, format: 'prov-n' })).rejects.toThrow('This source has no tasks, so there is nothing to make a document of.')
    await expect(makeDocument(engine, { sourceId, format: 'html-report', subject: { kind: 'workflow', id: 'w1' } })).rejects.toThrow('Workflow alone (w1) has no tasks')
    await expect(makeDocument(engine, { sourceId, format: 'workflow-card', subject: { kind: 'campaign', id: 'c' } })).rejects.toThrow('Campaign c has no tasks')
  })
})
