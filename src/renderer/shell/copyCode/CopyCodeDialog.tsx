/** Code that brings the present view into a notebook or a shell: one tab a language, what has to be known, and a button that copies. */
import { Check, CodeXml, Copy, Info } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { snippetLanguages, type SnippetLanguage } from '#contract/snippets'
import type { Source } from '#contract/sources'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { counted } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { tabIds, Tabs } from '../../parts/Tabs.tsx'
import { useCommands } from '../../state/commands.ts'
import { announce } from '../../state/live.ts'
import { usePref } from '../../state/prefs.ts'
import { useCall } from '../../state/query.ts'
import { useSource } from '../../state/sources.ts'
import { useMatching } from '../../state/useMatching.ts'
import { useScope } from '../../state/useScope.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { copyCodeAs, isLanguage, languageNames, languagePref } from './copyCode.ts'
import styles from './CopyCodeDialog.module.css'
import { highlight } from './highlight.ts'

const tabs = snippetLanguages.map((id) => ({ id, name: languageNames[id] }))
const noColumns: string[] = []
const saidForMs = 1600

export function CopyCodeDialog() {
  const source = useSource()
  const isOpen = source !== null
  useCommands(
    () =>
      isOpen
        ? [
            { id: 'copy.code', group: 'Table', title: 'Copy the view as code…', detail: 'pandas, DuckDB, MongoDB, …', keys: 'Ctrl+Shift+E', run: () => workbench.getState().setDialog('copy-code') },
            ...snippetLanguages.map((language) => ({ id: `copy.${language}`, group: 'Table' as const, title: `Copy the view as ${languageNames[language]}`, run: () => void copyCodeAs(language) }))
          ]
        : [],
    [isOpen]
  )
  const open = useWorkbench((s) => s.dialog === 'copy-code')
  return open && source ? <Body source={source} /> : null
}

function Body({ source }: { source: Source }) {
  const [language, setLanguage] = usePref<SnippetLanguage>(languagePref, 'pandas', isLanguage)
  const { data, error, columns, what } = useSnippet(source, language)
  const [copied, setCopied] = useState(false)
  const [mistake, setMistake] = useState<string | null>(null)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), saidForMs)
    return () => clearTimeout(timer)
  }, [copied])
  const close = (): void => workbench.getState().setDialog(null)
  const code = data?.unavailable === null ? data.code : null
  const copy = async (): Promise<void> => {
    if (code === null) return
    try {
      await navigator.clipboard.writeText(code)
      setCopied(true)
      setMistake(null)
      announce(`Copied as ${languageNames[language]}`)
    } catch (failure) {
      setMistake(failure instanceof Error ? failure.message : String(failure))
    }
  }
  const ids = tabIds('copy-code', language)
  return (
    <Dialog
      open
      onClose={close}
      icon={CodeXml}
      title="Copy as code"
      className={styles['dialog']}
      foot={
        <>
          <span className="grow ell">{mistake === null ? `${what}, ${counted(columns, 'column')}.` : <span className="errc">{mistake}</span>}</span>
          <Button size="large" onClick={close}>
            Close
          </Button>
          <Button size="large" tone="primary" icon={copied ? Check : Copy} disabled={code === null} onClick={() => void copy()} className={styles['copy']}>
            {copied ? 'Copied' : 'Copy'}
          </Button>
        </>
      }
    >
      <div className={styles['tabs']}>
        <Tabs name="Languages" group="copy-code" tabs={tabs} value={language} onChange={setLanguage} />
      </div>
      <div id={ids.panel} role="tabpanel" aria-labelledby={ids.tab} className={styles['panel']}>
        {error ? (
          <EmptyState icon={CodeXml} tone="error" title="There is no code of this view">
            {error.message}
          </EmptyState>
        ) : data?.unavailable != null ? (
          <EmptyState icon={Info} title={`Not with ${languageNames[language]}`}>
            {data.unavailable}
          </EmptyState>
        ) : (
          <Code code={code} language={language} />
        )}
        {code !== null && data && data.notes.length > 0 && (
          <ul className={styles['notes']} aria-label="What to know">
            {data.notes.map((note) => (
              <li key={note}>
                <Icon of={Info} size={12} className="t3" />
                <span>{note}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  )
}

/** The code, and in words what it is of. */
function useSnippet(source: Source, language: SnippetLanguage) {
  const scope = useScope()
  const { matching, records } = useMatching()
  const sort = useWorkbench((s) => s.tableSort)
  const shown = useWorkbench((s) => s.tableColumns)
  const all = useCall('columns.list', shown.length > 0 ? null : { sourceId: source.sourceId, records, limit: 10_000 })
  const named = useMemo(() => (shown.length > 0 ? shown : (all.data?.columns.map(({ name }) => name) ?? noColumns)), [shown, all.data])
  const { data, error, current } = useCall('snippets.code', shown.length > 0 || all.data ? { sourceId: source.sourceId, records, scope, sort, columns: named, language } : null)
  // The last answer may be that of another language.
  return { data: current ? data : null, error, columns: named.length, what: matching === null ? records : `${matching.toLocaleString('en-US')} ${records}` }
}

function Code({ code, language }: { code: string | null; language: SnippetLanguage }) {
  const box = useRef<HTMLPreElement>(null)
  const pieces = useMemo(() => (code === null ? [] : highlight(code, language)), [code, language])
  return (
    <pre ref={box} className={styles['code']} tabIndex={0} aria-label="Code" aria-busy={code === null}>
      <code>{pieces.map(({ kind, text }, at) => (kind === 'plain' ? text : <span key={at} className={styles[kind]}>{text}</span>))}</code>
    </pre>
  )
}
