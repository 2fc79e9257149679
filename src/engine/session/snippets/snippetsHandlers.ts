/** Code that brings a view elsewhere: the handler of its method. */
import type { Handlers } from '#contract/dispatch'
import { ownId, readMomentId } from '#contract/momentId'
import type { SnippetLanguage } from '#contract/snippets'
import type { AskTable } from '../askTable.ts'
import type { Services } from '../handlers.ts'
import { duckdbCode } from './duckdbCode.ts'
import { flowceptCode } from './flowceptCode.ts'
import { mongoshCode } from './mongoshCode.ts'
import { pandasCode } from './pandasCode.ts'
import { provscopeCode } from './provscopeCode.ts'
import { pymongoCode } from './pymongoCode.ts'
import { snippetSource } from './snippetSource.ts'
import { type SnippetView, snippetView, Unsayable } from './snippetView.ts'

type Code = { code: string; notes: string[] }
const languages: Readonly<Record<Exclude<SnippetLanguage, 'provscope'>, (view: SnippetView) => Code>> = { pandas: pandasCode, duckdb: duckdbCode, pymongo: pymongoCode, mongosh: mongoshCode, flowcept: flowceptCode }

export function snippetsHandlers(of: AskTable, { sources }: Pick<Services, 'sources'>) {
  return {
    'snippets.code': of<'snippets.code'>(async (table, params, signal) => {
      const source = snippetSource(sources.entry(ownId(params.sourceId)))
      const view = await snippetView(table, params, source, readMomentId(params.sourceId)?.at ?? null, signal)
      try {
        const { code, notes } = params.language === 'provscope' ? provscopeCode(view, params.scope) : languages[params.language](view)
        return { code, unavailable: null, notes }
      } catch (error) {
        if (!(error instanceof Unsayable)) throw error
        return { code: '', unavailable: error.message, notes: [] }
      }
    })
  } satisfies Partial<Handlers>
}
