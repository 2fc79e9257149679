import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tableFormats, type TableFormat } from '#contract/exports'
import { type JsonObject, parseJson, stringifyJson } from '#contract/json'
import type { Cell, Records } from '#contract/values'
import { type AskedEngine, askEngine } from '../../../testing/askEngine.ts'
import { fixtureFolder } from '../../../testing/openFixture.ts'
import { runPython, whyNoPython } from '../../../testing/python.ts'

/**
 * Every fixture in every format, read by pandas, pyarrow, DuckDB for Python and Flowcept's own reader, in one Python process, and
 * compared value by value with what `rows.page` and `rows.documents` show.
 */
const lacking = whyNoPython('pandas', 'pyarrow', 'duckdb', 'orjson')
const noFlowcept = whyNoPython('flowcept')
const script = readFileSync(join(import.meta.dirname, '..', '..', '..', 'testing', 'readExports.py'), 'utf8')

let engine: AskedEngine
let folder: string
beforeAll(async () => {
  engine = await askEngine()
  folder = mkdtempSync(join(tmpdir(), 'round-trips-'))
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

const fixtures = readdirSync(join(fixtureFolder, 'jsonl')).map((name) => basename(name, '.jsonl'))
/** Tasks of every fixture; the other kinds where they have something of their own. */
const kindsOf = (name: string): readonly Records[] => (['02_pipeline', '07_agents', '08_odd_values'].includes(name) ? ['tasks', 'workflows', 'messages'] : ['tasks'])

async function exported(sourceId: string, format: TableFormat, records: Records, path: string): Promise<JsonObject> {
  const { handle } = await engine.ask('paths.grant', { path, use: 'write' })
  const { exportId } = await engine.ask('exports.start', { sourceId, format, records, columns: [], handle, name: basename(path) })
  const job = async () => (await engine.ask('exports.list', {})).exports.find((one) => one.exportId === exportId)
  await engine.until(async () => !['writing', 'checking'].includes((await job())?.state ?? 'writing'))
  expect(await job(), path).toMatchObject({ state: 'done', error: null })
  expect(parseJson(readFileSync(`${path}.manifest.json`, 'utf8'))).toMatchObject({ verification: { ok: true } })
  return parseJson((await job())?.manifest ?? '{}') as JsonObject
}

/** As Python is told it: a kind and its text, so that no digit is lost between the two. */
function told(cell: Cell): unknown {
  if (cell === null || typeof cell === 'boolean') return cell
  if (typeof cell === 'string') return ['text', cell]
  // A larger integer would have come as its digits: this one is a float.
  if (typeof cell === 'number') return ['number', Math.abs(cell) > 2 ** 53 && !/e/.test(String(cell)) ? `${cell}.0` : String(cell)]
  if ('int' in cell) return ['number', cell.int]
  if ('float' in cell) return ['number', cell.float === '-0' ? '-0.0' : cell.float]
  return 'json' in cell ? ['json', cell.json] : ['text', cell.text]
}

async function shown(sourceId: string, records: Records) {
  const { columns } = await engine.ask('columns.list', { sourceId, records, limit: 10_000 })
  const rows: unknown[][] = []
  const names = columns.map(({ name }) => name)
  for (let at = 0; at < names.length; at += 500) {
    const page = await engine.ask('rows.page', { sourceId, records, columns: names.slice(at, at + 500), limit: 10_000, cellLength: 0 })
    for (const [index, { cells }] of page.rows.entries()) (rows[index] ??= []).push(...cells.map(told))
  }
  const { documents } = await engine.ask('rows.documents', { sourceId, records, limit: 10_000 })
  return { columns: columns.map(({ name, type }) => ({ name, type })), rows, documents }
}

describe.skipIf(lacking !== null)(`readers that are not ours${lacking === null ? '' : `: ${lacking}`}`, () => {
  test('every fixture in every format has every value', async () => {
    const plan: unknown[] = []
    for (const name of fixtures) {
      const { sourceId } = await engine.open(join(fixtureFolder, 'jsonl', `${name}.jsonl`))
      for (const records of kindsOf(name)) {
        const place = join(folder, `${name}.${records}`)
        mkdirSync(place)
        writeFileSync(join(place, 'shown.json'), JSON.stringify(await shown(sourceId, records)))
        for (const format of tableFormats) await exported(sourceId, format, records, join(place, `x.${format}`))
        plan.push({ name, records, place })
      }
      await engine.ask('sources.close', { sourceId })
    }
    writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan))
    const result = (await runPython(script, [join(folder, 'plan.json'), noFlowcept === null ? 'flowcept' : 'orjson'])) as { compared: Record<string, number>; differences: string[] }
    expect(result.differences).toEqual([])
    for (const reader of ['pandas csv', 'pandas tsv', 'duckdb csv', 'pyarrow parquet', 'duckdb parquet', 'pandas parquet', 'pyarrow arrow', 'buffer jsonl']) expect(result.compared[reader], reader).toBeGreaterThan(10_000)
  }, 600_000)
})

test('messages as JSON Lines are their file, byte for byte', async () => {
  for (const name of ['02_pipeline', '08_odd_values', '08b_aborted_dump']) {
    const path = join(fixtureFolder, 'jsonl', `${name}.jsonl`)
    const { sourceId } = await engine.open(path)
    const to = join(folder, `${name}.jsonl`)
    await exported(sourceId, 'jsonl', 'messages', to)
    expect(readFileSync(to).equals(readFileSync(path)), name).toBe(true)
    await engine.ask('sources.close', { sourceId })
  }
})

test('whole tasks opened again are the same tasks, with their workflows, whatever was filtered and sorted', async () => {
  for (const name of ['04_campaign', '07_agents', '08_odd_values', '11_status_updates']) {
    const first = await engine.open(join(fixtureFolder, 'jsonl', `${name}.jsonl`))
    const to = join(folder, `${name}-tasks.jsonl`)
    await exported(first.sourceId, 'jsonl', 'tasks', to)
    const again = await engine.open(to)
    for (const records of ['tasks', 'workflows', 'agents'] as const) {
      const [one, other] = [await engine.ask('rows.documents', { sourceId: first.sourceId, records, limit: 10_000 }), await engine.ask('rows.documents', { sourceId: again.sourceId, records, limit: 10_000 })]
      const byText = (documents: readonly string[]): string[] => documents.map((text) => stringifyJson(sorted(withoutType(parseJson(text) as JsonObject)))).toSorted()
      expect(byText(other.documents), `${name} ${records}`).toEqual(byText(one.documents))
    }
    for (const { sourceId } of [first, again]) await engine.ask('sources.close', { sourceId })
  }
})

const withoutType = (document: JsonObject): JsonObject => Object.fromEntries(Object.entries(document).filter(([key]) => key !== 'type'))

function sorted(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
