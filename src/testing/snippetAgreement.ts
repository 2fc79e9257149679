/** For tests: whether code of views results in the pages that the engine gives of them. */
import { expect } from 'vitest'
import { isJsonObject, type JsonValue, parseJson, stringifyJson } from '#contract/json'
import type { Given } from '#contract/methods'
import type { SnippetLanguage } from '#contract/snippets'
import type { Cell, Records } from '#contract/values'
import type { AskedEngine } from './askEngine.ts'
import { runSnippets } from './runSnippets.ts'

export type SnippetOf = { records?: Records; filter?: Record<string, unknown>; search?: string; sort?: { column: string; descending?: boolean }[]; columns?: string[]; at?: number }

/** Each language's result of each view is the page of it. */
export async function agree(engine: AskedEngine, sources: readonly { path: string; views: readonly SnippetOf[] }[], languages: readonly SnippetLanguage[], env: Record<string, string> = {}): Promise<void> {
  const runs: { what: string; code: string; columns: string[]; expected: JsonValue[][]; language: SnippetLanguage }[] = []
  for (const { path, views } of sources) {
    const { sourceId } = await engine.open(path)
    for (const view of views) {
      const { columns, page, params } = await pageOf(engine, sourceId, view)
      for (const language of languages) {
        const { code, unavailable } = await engine.ask('snippets.code', { ...params, columns, language })
        expect(unavailable, `${language} ${path} ${JSON.stringify(view)}`).toBeNull()
        runs.push({ what: `${language} ${path} ${JSON.stringify(view)}\n${code}`, code, columns, language, expected: page })
      }
    }
  }
  const outcomes = await runSnippets(runs.map(({ code, columns }) => ({ code, columns })), env)
  const wrong = runs.flatMap(({ expected, language, what }, index) => {
    const outcome = outcomes[index]
    if (outcome === undefined || 'error' in outcome) return [`${what}\n${outcome?.error ?? 'no outcome'}`]
    const [found, wanted] = [outcome.rows, expected].map((rows) => rows.map((row) => row.map((cell) => shown(cell, language)).join(' | ')))
    const at = [...(wanted ?? []), ''].findIndex((row, place) => row !== (found?.[place] ?? ''))
    return found?.join('\n') === wanted?.join('\n') ? [] : [`${what}\nrow ${at}\nfound  ${found?.[at] ?? 'none'}\nwanted ${wanted?.[at] ?? 'none'}`]
  })
  expect(wrong).toEqual([])
}

export async function pageOf(engine: AskedEngine, sourceId: string, { at, columns, filter = {}, records = 'tasks', search = '', sort = [] }: SnippetOf) {
  const id = at === undefined ? sourceId : `${sourceId}@${at}`
  const names = columns ?? (await engine.ask('columns.list', { sourceId: id, records, limit: 10_000 })).columns.map(({ name }) => name).slice(0, 150)
  const params = { sourceId: id, records, scope: { filter, search }, sort } satisfies Partial<Given<'rows.page'>>
  const { rows } = await engine.ask('rows.page', { ...params, columns: names, limit: 10_000, cellLength: 0 })
  return { columns: names, params, page: rows.map(({ cells }) => cells.map(valueOf)) }
}

function valueOf(cell: Cell): JsonValue {
  if (cell === null || typeof cell !== 'object') return cell
  if ('int' in cell) return BigInt(cell.int)
  if ('float' in cell) return Number(cell.float)
  return 'json' in cell ? parseJson(cell.json) : cell.text
}

/** As text: 1 and 1.0 are one number, and what each language has no sign for is left out. */
export function shown(value: JsonValue, language: SnippetLanguage): string {
  if (typeof value === 'number' && Number.isNaN(value) && language === 'pandas') return 'null'
  if (Array.isArray(value)) return `[${value.map((item) => shown(item, language)).join()}]`
  if (isJsonObject(value)) return `{${Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${shown(item, language)}`).sort().join()}}`
  // An id that is made up: by its place in the file here, by its number there.
  if (typeof value === 'string' && /^(?:message \d+|[\w.]+\.jsonl:\d+)$/.test(value)) return 'made up'
  return stringifyJson(Object.is(value, -0) ? 0 : value).replace(/\.0$/, '')
}
