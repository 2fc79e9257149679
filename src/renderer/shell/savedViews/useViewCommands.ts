/** Commands of saved views, of undoing, of windows: for the palette, the keyboard and the desktop's menu. */
import { useEffect } from 'react'
import { type Command, useCommands } from '../../state/commands.ts'
import { openInNewWindow } from '../../state/newWindow.ts'
import { isDesktop } from '../../state/open.ts'
import { applySaved, copyLink, saveView, shareAsFile, useSavedViews, viewNow, viewsStore } from '../../state/savedViews.ts'
import { leftStore } from '../../state/session.ts'
import { useSource } from '../../state/sources.ts'
import { redo, undo, useUndoWords } from '../../state/undo.ts'
import { workbench } from '../../state/workbench.ts'
import { runHostCommand } from '../../state/hostCommands.ts'
import { proposedName } from './proposedName.ts'
import { saveAsView } from './savedViewMenu.ts'

export function useViewCommands(): void {
  const open = useSource() !== null
  const views = useSavedViews()
  const currentId = viewsStore((s) => s.currentId)
  const words = useUndoWords()
  const left = leftStore((s) => s.sources.length)
  useEffect(() => window.provscope?.onCommand?.(runHostCommand), [])
  useCommands(() => {
    if (!open) return []
    const { undo: back, redo: forth } = words
    const current = views.find(({ viewId }) => viewId === currentId)
    return [
      { id: 'undo', group: 'Filter', title: back === null ? 'Undo' : `Undo: ${back}`, keys: 'Ctrl+Z', ...(back === null && { unavailable: 'nothing was changed' }), run: whileNoDialog(undo) },
      { id: 'redo', group: 'Filter', title: forth === null ? 'Redo' : `Redo: ${forth}`, keys: 'Ctrl+Shift+Z', ...(forth === null && { unavailable: 'nothing was undone' }), run: whileNoDialog(redo) },
      { id: 'views.save', group: 'Views', title: 'Save as a view…', keys: 'Ctrl+S', run: whileNoDialog(saveAsView) },
      { id: 'views.update', group: 'Views', title: 'Update the saved view', detail: current?.name ?? '', ...(current ? {} : { unavailable: 'none is shown' }), run: () => current && void saveView({ viewId: current.viewId, name: current.name, view: viewNow() }) },
      { id: 'views.link', group: 'Views', title: 'Copy link to this view', run: () => void copyLink({ name: proposedName(viewNow()), view: viewNow() }) },
      { id: 'views.file', group: 'Views', title: 'Share this view as a file…', run: () => void shareAsFile({ name: proposedName(viewNow()), view: viewNow() }) },
      ...views.map((saved): Command => ({ id: `views.show ${saved.viewId}`, group: 'Views', title: `Show “${saved.name}”`, detail: 'saved view', run: () => void applySaved(saved) }))
    ]
  }, [open, views, currentId, words.undo, words.redo])
  useCommands(
    () => [
      { id: 'views.open', group: 'Views', title: 'Open a view from a file or a link…', run: () => viewsStore.setState({ bringing: true }) },
      { id: 'window.new', group: 'General', title: isDesktop() ? 'New window' : 'Open in a new tab', ...(isDesktop() && { keys: 'Ctrl+Shift+N' }), run: () => void openInNewWindow() },
      { id: 'session.left', group: 'Sources', title: 'What the last session had open…', ...(left === 0 && { unavailable: 'all of it is open' }), run: () => workbench.getState().setDialog('session') }
    ],
    [left]
  )
}

/** What a dialog covers is not to change unseen. */
const whileNoDialog = (run: () => void) => (): void => {
  if (document.querySelector('[role=dialog],[role=menu]') === null) run()
}
