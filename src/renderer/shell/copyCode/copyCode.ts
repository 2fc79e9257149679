/** The code of the present view: asked for, and copied at once. */
import { snippetLanguages, type SnippetLanguage } from '#contract/snippets'
import type { Records } from '#contract/values'
import { call } from '../../connection/call.ts'
import { scopeOf } from '../../state/scope.ts'
import { toast } from '../../state/toasts.ts'
import { workbench } from '../../state/workbench.ts'

export const languageNames: Readonly<Record<SnippetLanguage, string>> = { pandas: 'pandas', duckdb: 'DuckDB', pymongo: 'PyMongo', mongosh: 'mongosh', flowcept: 'Flowcept', provscope: 'provscope' }
export const languagePref = 'copyCode.language'
export const isLanguage = (value: unknown): value is SnippetLanguage => (snippetLanguages as readonly unknown[]).includes(value)

/** Copies without showing it first; a note says that it did, and what there is to know. */
export async function copyCodeAs(language: SnippetLanguage): Promise<void> {
  const { records, sourceId, tableColumns, tableSort, ...state } = workbench.getState()
  if (sourceId === null) return
  const columns = tableColumns.length > 0 ? tableColumns : await everyColumn(sourceId, records)
  const reply = await call('snippets.code', { sourceId, records, scope: scopeOf(state, records), sort: tableSort, columns, language })
  const name = languageNames[language]
  if (!reply.ok) return toast({ tone: 'failed', title: `No code for ${name}`, detail: reply.error.message })
  const { code, notes, unavailable } = reply.value
  if (unavailable !== null) return toast({ tone: 'failed', title: `No code for ${name}`, detail: unavailable })
  try {
    await navigator.clipboard.writeText(code)
    toast({ tone: 'done', title: `Copied as ${name}`, ...(notes.length > 0 && { detail: notes.slice(0, 2).join(' ') }), action: { label: 'Show it', run: () => workbench.getState().setDialog('copy-code') } })
  } catch (error) {
    toast({ tone: 'failed', title: 'It could not be copied', detail: error instanceof Error ? error.message : String(error) })
  }
}

/** Where the table was not looked at yet, it shows all. */
export async function everyColumn(sourceId: string, records: Records): Promise<string[]> {
  const reply = await call('columns.list', { sourceId, records, limit: 10_000 })
  return reply.ok ? reply.value.columns.map(({ name }) => name) : []
}
