/** The editor of statements: how it reads SQL, what its keys do, how it looks. Colours are the page's tokens, so that it follows the theme. */
import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, toggleComment } from '@codemirror/commands'
import { SQLDialect, sql } from '@codemirror/lang-sql'
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { type Extension, Prec, StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers, MatchDecorator, placeholder, ViewPlugin, type ViewUpdate } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { type CompletionSource, completionsOf } from './completion.ts'

export type EditorActions = { readonly run: () => void; readonly explain: () => void; readonly source: () => CompletionSource; readonly onText: (text: string) => void }

const words =
  'all and any as asc asof between by case cast columns cross desc describe distinct else end except exclude exists false fetch filter following for from full group having ilike in inner intersect interval is isnull join lateral left like limit materialized natural not notnull null nulls offset on only or order outer over partition positional preceding qualify range recursive rename replace right row rows sample select semi anti similar some summarize table tablesample then to true try_cast unbounded union unnest using values when where window with within within group rollup cube grouping sets first last escape collate at time zone pivot unpivot'
const duckdb = SQLDialect.define({ keywords: words, types: 'bigint blob boolean date decimal double float hugeint integer int interval json map smallint struct text time timestamp timestamptz tinyint uuid varchar', doubleQuotedStrings: false, operatorChars: '*+-%<>!=&|~^/?:@' })

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--accent-2)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--b)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--text)' },
  { tag: [tags.lineComment, tags.blockComment], color: 'var(--text-3)', fontStyle: 'italic' },
  { tag: [tags.typeName, tags.standard(tags.name)], color: 'var(--run)' }
])

const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--content)', fontSize: '13px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', fontWeight: '440', lineHeight: '22px', letterSpacing: '-.01em', fontFeatureSettings: '"calt" 0', overflow: 'auto' },
  '.cm-content': { padding: '9px 0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0 12px 0 6px' },
  '.cm-gutters': { backgroundColor: 'var(--content)', color: 'var(--text-3)', border: 'none', fontSize: '11px' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '36px', padding: '0 8px 0 0' },
  '.cm-activeLine': { backgroundColor: 'var(--panel)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)', borderLeftWidth: '1.5px' },
  '.cm-selectionBackground': { backgroundColor: 'var(--accent-tint) !important' },
  '.cm-matchingBracket': { backgroundColor: 'transparent', outline: '1px solid var(--accent-line)' },
  '.cm-placeholder': { color: 'var(--text-3)' },
  '.cm-called': { color: 'var(--run)' },
  '.cm-mistake': { textDecoration: 'underline wavy var(--err)', textUnderlineOffset: '4px', backgroundColor: 'var(--err-tint)' },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--text)', border: '1px solid var(--line-2)', borderRadius: '6px', boxShadow: 'var(--shadow)', zIndex: '30' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono)', fontSize: '12px', lineHeight: '16px', maxHeight: '220px', width: '520px', maxWidth: '70vw', padding: '4px', boxSizing: 'border-box' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { display: 'grid', gridTemplateColumns: 'minmax(0,1fr) 60px 120px', gap: '8px', alignItems: 'center', height: '24px', padding: '0 8px', borderRadius: '4px', color: 'var(--text)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--accent-tint)', color: 'var(--text)' },
  '.cm-completionLabel': { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  '.cm-completionMatchedText': { color: 'var(--accent)', fontWeight: '620', textDecoration: 'none' },
  '.cm-aboutType, .cm-aboutNote': { fontFamily: 'var(--font-ui)', fontSize: '11px', color: 'var(--text-2)', whiteSpace: 'nowrap', overflow: 'hidden', textOverflow: 'ellipsis' },
  '.cm-tooltip.cm-completionInfo': { display: 'flex', gap: '12px', alignItems: 'center', width: 'auto', maxWidth: 'none', left: '-1px', right: '-1px', top: '100%', marginTop: '-1px', padding: '5px 10px', borderRadius: '0 0 6px 6px', fontFamily: 'var(--font-ui)', fontSize: '11px', lineHeight: '16px', color: 'var(--text-2)' },
  '.cm-aboutFoot': { flex: '1', minWidth: '0' },
  '.cm-key': { border: '1px solid var(--line-2)', borderRadius: '4px', padding: '0 4px', color: 'var(--text-2)' }
})

/** What is not a keyword and stands before a bracket is called. */
const called = new MatchDecorator({
  regexp: /(?<![\p{L}\p{N}_."])(?!(?:in|filter|over|as|and|or|not|on|values|exists|using|by|when|then|else|from|join|select|where|all|any|with|lateral|union|except|intersect|exclude|replace|limit|within group)\s*\()[\p{L}_][\p{L}\p{N}_]*(?=\()/giu,
  decoration: Decoration.mark({ class: 'cm-called' })
})
const callsMarked = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet
    constructor(view: EditorView) {
      this.decorations = called.createDeco(view)
    }
    update(update: ViewUpdate): void {
      this.decorations = called.updateDeco(update, this.decorations)
    }
  },
  { decorations: ({ decorations }) => decorations }
)

/** Where the mistake stands; null: nowhere. It goes when the text is changed. */
export const markMistake = StateEffect.define<{ from: number; to: number } | null>()
const mistakes = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = transaction.docChanged ? Decoration.none : marks
    for (const effect of transaction.effects) {
      if (!effect.is(markMistake)) continue
      const length = transaction.newDoc.length
      const { from, to } = effect.value ?? { from: 0, to: 0 }
      next = effect.value === null || from >= length ? Decoration.none : Decoration.set([Decoration.mark({ class: 'cm-mistake' }).range(from, Math.min(length, Math.max(to, from + 1)))])
    }
    return next
  },
  provide: (field) => EditorView.decorations.from(field)
})

type About = { readonly about?: { readonly type: string; readonly note: string; readonly foot: string } }

function aboutNode(name: 'Type' | 'Note', text: string): Node {
  const node = document.createElement('span')
  node.className = `cm-about${name}`
  node.textContent = text
  return node
}

function footNode(text: string): Node {
  const node = document.createElement('div')
  node.className = 'cm-aboutFoot'
  node.textContent = text
  const key = document.createElement('span')
  key.className = 'cm-key'
  key.textContent = 'Tab'
  const both = document.createElement('div')
  both.append(node, key)
  both.style.cssText = 'display:flex;gap:12px;flex:1;align-items:center'
  return both
}

function completion(source: EditorActions['source']): Extension {
  const complete = completionsOf(source)
  return autocompletion({
    override: [
      async (context) => {
        const result = await complete(context)
        return result && { ...result, options: result.options.map((option) => ({ ...option, info: () => footNode((option as About).about?.foot ?? '') })) }
      }
    ],
    // Tab is never pressed by chance, as Enter might be; refused, it would leave the editor.
    interactionDelay: 0,
    icons: false,
    defaultKeymap: false,
    maxRenderedOptions: 60,
    addToOptions: [
      { position: 60, render: (option) => aboutNode('Type', (option as About).about?.type ?? '') },
      { position: 70, render: (option) => aboutNode('Note', (option as About).about?.note ?? '') }
    ],
    positionInfo: () => ({ style: '' })
  })
}

/**
 * What is typed over a selection is put in here: Chromium would give it the look of what it replaces by a style attribute, which the page's
 * policy refuses. Brackets and quotation marks are left to who puts them around the selection.
 */
function overSelection(event: InputEvent, view: EditorView): boolean {
  const { data, inputType } = event
  if (inputType !== 'insertText' || data === null || /^["'([{]$/.test(data) || view.composing || view.state.selection.main.empty) return false
  event.preventDefault()
  view.dispatch(view.state.replaceSelection(data), { scrollIntoView: true, userEvent: 'input.type' })
  return true
}

export function editorExtensions({ explain, onText, run, source }: EditorActions): Extension[] {
  const did = (act: () => void) => (view: EditorView) => {
    closeCompletion(view)
    act()
    return true
  }
  return [
    lineNumbers(),
    history(),
    drawSelection(),
    highlightActiveLine(),
    bracketMatching(),
    closeBrackets(),
    EditorView.lineWrapping,
    sql({ dialect: duckdb, upperCaseKeywords: true }).language,
    syntaxHighlighting(colours),
    callsMarked,
    mistakes,
    theme,
    completion(source),
    placeholder('SELECT … FROM tasks'),
    EditorView.contentAttributes.of({ 'aria-label': 'SQL statement', spellcheck: 'false', autocorrect: 'off', autocapitalize: 'off' }),
    // Enter ends the line, also while there is something to complete: Tab takes it. Without anything to take, Tab goes on to the next control.
    Prec.highest(
      keymap.of([
        { key: 'Mod-Enter', run: did(run) },
        { key: 'Mod-Shift-Enter', run: did(explain) },
        { key: 'Tab', run: acceptCompletion },
        { key: 'Mod-/', run: toggleComment },
        ...completionKeymap.filter(({ key }) => key !== 'Enter')
      ])
    ),
    keymap.of([...closeBracketsKeymap, ...historyKeymap, ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter')]),
    EditorView.domEventHandlers({ beforeinput: overSelection }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onText(update.state.doc.toString())
    })
  ]
}
