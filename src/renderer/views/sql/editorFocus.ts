/** The editor that is on the page, for who is elsewhere in the view. */
import type { EditorView } from '@codemirror/view'

let present: EditorView | null = null

export const setEditor = (view: EditorView | null): void => void (present = view)

/** Once it is drawn, with the cursor at a place of the text, or at its end. */
export function focusEditor(at?: number): void {
  requestAnimationFrame(() => {
    const length = present?.state.doc.length ?? 0
    present?.dispatch({ selection: { anchor: Math.min(at ?? length, length) }, scrollIntoView: true })
    present?.focus()
  })
}

/** Writes where the cursor is, over what is selected. */
export function insertText(text: string): void {
  if (!present) return
  present.dispatch(present.state.replaceSelection(text))
  present.focus()
}
