/** The editor on the page. It lives in a shadow root, where its styles are sheets of its own, which the page's policy allows. */
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react'
import { setEditor } from './editorFocus.ts'
import { type EditorActions, editorExtensions, markMistake } from './editorSetup.ts'
import css from './Sql.module.css'

type Props = EditorActions & { text: string; mistake: { from: number; to: number } | null }

export function Editor({ text, mistake, ...actions }: Props): ReactNode {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const present = useRef(actions)
  present.current = actions

  useLayoutEffect(() => {
    if (!host.current) return
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' })
    const extensions = editorExtensions({
      run: () => present.current.run(),
      explain: () => present.current.explain(),
      source: () => present.current.source(),
      onText: (changed) => present.current.onText(changed)
    })
    const editor = new EditorView({ state: EditorState.create({ doc: text, extensions }), parent: root, root })
    view.current = editor
    setEditor(editor)
    return () => {
      setEditor(null)
      view.current = null
      editor.destroy()
    }
    // Made once; the text is brought along below.
  }, [])

  useEffect(() => {
    const editor = view.current
    if (editor && editor.state.doc.toString() !== text) editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text }, selection: { anchor: Math.min(editor.state.selection.main.head, text.length) } })
  }, [text])
  useEffect(() => view.current?.dispatch({ effects: markMistake.of(mistake) }), [mistake])

  useEffect(() => {
    const element = host.current
    // From outside, the target of a key is this element, which is no text field: single keys of commands must not run.
    const keep = (event: KeyboardEvent): void => {
      if (!event.ctrlKey && !event.metaKey && !event.altKey && (event.key.length === 1 || event.key === 'Enter' || event.key === 'Backspace' || event.key === 'Delete' || event.key.startsWith('Arrow'))) event.stopPropagation()
    }
    element?.addEventListener('keydown', keep)
    return () => element?.removeEventListener('keydown', keep)
  }, [])
  return <div ref={host} className={css['editor']} />
}
