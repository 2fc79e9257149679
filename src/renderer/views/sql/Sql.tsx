/** Read-only SQL over the records of the source: schema, saved queries and history beside an editor, and what the last statement gave below it. */
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Source } from '#contract/sources'
import type { Scope } from '#contract/values'
import { type SqlTable, sqlTables } from '#contract/sql'
import { call } from '../../connection/call.ts'
import { Resizer } from '../../parts/Resizer.tsx'
import { useCommands } from '../../state/commands.ts'
import { copyText } from '../../state/formatCell.ts'
import { useAskedId } from '../../state/moment.ts'
import { usePref } from '../../state/prefs.ts'
import { useSource } from '../../state/sources.ts'
import { useTaskScope } from '../../state/useScope.ts'
import type { CompletionSource } from './completion.ts'
import { Editor } from './Editor.tsx'
import { focusEditor } from './editorFocus.ts'
import { QueryHead, type ScopeChoice } from './QueryHead.tsx'
import { QueryLists } from './QueryLists.tsx'
import { ResultPane } from './ResultPane.tsx'
import { SchemaTree } from './SchemaTree.tsx'
import { cancelRun, currentText, explainText, namePref, runText, textPref, useOutcome, writeText } from './statements.ts'
import { useSchema } from './useSchema.ts'
import css from './Sql.module.css'

const headPx = 40
const leastEditorPx = 90
const leastResultPx = 120
const usualEditorPx = 240
const isText = (value: unknown): value is string => typeof value === 'string'
const isName = (value: unknown): value is string | null => value === null || isText(value)
const isScope = (value: unknown): value is ScopeChoice => value === 'source' || value === 'filter'
/** Completion knows the columns of tables that the text names, and those of tasks. */
const tablesIn = (text: string): ReadonlySet<SqlTable> => new Set(sqlTables.filter((name) => name === 'tasks' || new RegExp(`\\b${name}\\b`, 'i').test(text)))

export function Sql(): ReactNode {
  const source = useSource()
  return source && <Console source={source} />
}

function Console({ source }: { source: Source }): ReactNode {
  const { sourceId } = source
  const askedId = useAskedId(sourceId)
  const [text, setText] = usePref(textPref, '', isText)
  const [name] = usePref(namePref, null, isName)
  const [scopeChoice, setScopeChoice] = usePref<ScopeChoice>('sql.scope', 'source', isScope)
  const taskScope = useTaskScope()
  const scope: Scope | null = scopeChoice === 'filter' ? taskScope : null
  const outcome = useOutcome(askedId)
  const completionSource = useCompletionSource(sourceId, text)
  const run = useCallback(() => void runText(askedId, currentText(), scope), [askedId, scope])
  const explain = useCallback((analyze: boolean) => void explainText(askedId, currentText(), scope, analyze), [askedId, scope])
  const open = useCallback(
    (query: string, named: string | null, isRun: boolean) => {
      writeText(query, named)
      if (isRun) void runText(askedId, query, scope)
      focusEditor()
    },
    [askedId, scope]
  )
  useCommands(
    () => [
      { id: 'sql.run', title: 'Run the query', detail: 'SQL', group: 'Views', keys: 'Ctrl+Enter', unavailable: text.trim() === '' ? 'there is no statement yet' : undefined, run },
      { id: 'sql.explain', title: 'Explain the query', detail: 'SQL', group: 'Views', keys: 'Ctrl+Shift+Enter', unavailable: text.trim() === '' ? 'there is no statement yet' : undefined, run: () => explain(false) },
      { id: 'sql.cancel', title: 'Cancel the query', detail: 'SQL', group: 'Views', unavailable: outcome.running ? undefined : 'nothing is running', run: () => cancelRun(askedId) },
      { id: 'sql.editor', title: 'Go to the editor', detail: 'SQL', group: 'Views', run: () => focusEditor() }
    ],
    [run, explain, text, outcome.running, askedId]
  )
  const mistake = useMemo(() => {
    const path = outcome.error?.path
    return outcome.error?.text === text && path?.[0] === 'text' ? { from: Number(path[1]), to: Number(path[2]) } : null
  }, [outcome.error, text])

  const pane = useRef<HTMLDivElement>(null)
  const heightPx = useHeightPx(pane)
  const [sidePx, setSidePx] = usePref('sql.sidePx', 232)
  const [chosenPx, setChosenPx] = usePref('sql.editorPx', usualEditorPx)
  const mostResultPx = Math.max(leastResultPx, heightPx - headPx - leastEditorPx)
  const resultPx = Math.min(mostResultPx, Math.max(leastResultPx, heightPx - headPx - chosenPx))
  return (
    <div className={css['view']} style={{ gridTemplateColumns: `${Math.round(Math.min(480, Math.max(160, sidePx)))}px minmax(0,1fr)` }}>
      <div className={css['side']}>
        <SchemaTree sourceId={sourceId} />
        <QueryLists name={name} onOpen={open} />
        <Resizer name="Width of the schema" edge="right" size={Math.max(160, sidePx)} min={160} max={480} onResize={setSidePx} onReset={() => setSidePx(232)} />
      </div>
      <div ref={pane} className={css['main']} style={{ gridTemplateRows: `${headPx}px minmax(0,1fr) ${resultPx}px` }}>
        <QueryHead sourceId={sourceId} name={name} text={text} scope={taskScope} choice={scopeChoice} onChoice={setScopeChoice} running={outcome.running !== null} onRun={run} onCancel={() => cancelRun(askedId)} />
        <Editor text={text} mistake={mistake} run={run} explain={() => explain(false)} source={completionSource} onText={setText} />
        <div className={css['result']}>
          <ResultPane source={source} askedId={askedId} outcome={outcome} text={text} onRun={run} onExplain={explain} onOpen={open} />
          <Resizer name="Height of the result" edge="top" size={resultPx} min={leastResultPx} max={mostResultPx} onResize={(px) => setChosenPx(heightPx - headPx - px)} onReset={() => setChosenPx(usualEditorPx)} />
        </div>
      </div>
    </div>
  )
}

function useCompletionSource(sourceId: string, text: string): () => CompletionSource {
  const asked = useMemo(() => tablesIn(text), [[...tablesIn(text)].join()])
  const { tables } = useSchema(sourceId, asked)
  const present = useRef<CompletionSource>({ tables, valuesOf: async () => [] })
  present.current = {
    tables,
    valuesOf: async (table, field, part) => {
      const records = sqlTables.find((one) => one === table)
      if (records === undefined || records === 'gaps') return []
      const reply = await call('columns.values', { sourceId, records, column: field, text: part, limit: 20 })
      return reply.ok ? reply.value.values.flatMap(({ count, value }) => (typeof value === 'string' ? [{ value: copyText(value), count }] : [])) : []
    }
  }
  return useCallback(() => present.current, [])
}

function useHeightPx(of: { readonly current: HTMLElement | null }): number {
  const [heightPx, setHeightPx] = useState(600)
  useEffect(() => {
    if (!of.current) return
    const observer = new ResizeObserver(([entry]) => entry && setHeightPx(Math.round(entry.contentRect.height)))
    observer.observe(of.current)
    return () => observer.disconnect()
  }, [of])
  return heightPx
}
