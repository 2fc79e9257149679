/** What can be done with one saved view, and with the present one: the items of their menus. */
import { Bookmark, BookmarkPlus, Eye, FileUp, Link2, Pencil, RefreshCw, Share, Trash2 } from 'lucide-react'
import type { SavedView } from '#contract/savedViews'
import type { MenuItem } from '../../parts/Menu.tsx'
import { keysNow } from '../../state/commands.ts'
import { applySaved, askToSave, copyLink, saveView, shareAsFile, viewNow, viewsStore } from '../../state/savedViews.ts'
import { proposedName } from './proposedName.ts'

export const itemsOf = (saved: SavedView): MenuItem[] => [
  { label: 'Show', icon: Eye, run: () => void applySaved(saved) },
  { label: 'Update', detail: 'to what is shown now', icon: RefreshCw, run: () => void saveView({ viewId: saved.viewId, name: saved.name, view: viewNow() }) },
  { label: 'Rename…', icon: Pencil, run: () => askToSave(saved.view, saved.name, saved.viewId) },
  { kind: 'separator' },
  { label: 'Copy link', icon: Link2, run: () => void copyLink(saved) },
  { label: 'Share as a file…', icon: Share, run: () => void shareAsFile(saved) },
  { kind: 'separator' },
  { label: 'Delete…', icon: Trash2, danger: true, run: () => viewsStore.setState({ deleting: saved }) }
]

/** Of the bookmark button in the filter bar. */
export function itemsOfPresent(views: readonly SavedView[], currentId: string | null): MenuItem[] {
  const current = views.find(({ viewId }) => viewId === currentId)
  const keys = keysNow('views.save')
  return [
    ...(current ? [{ label: `Update “${current.name}”`, icon: RefreshCw, run: () => void saveView({ viewId: current.viewId, name: current.name, view: viewNow() }) }] : []),
    { label: 'Save as a view…', icon: BookmarkPlus, ...(keys !== undefined && { keys }), run: saveAsView },
    { label: 'Copy link to this view', icon: Link2, run: () => void copyLink({ name: proposedName(viewNow()), view: viewNow() }) },
    { label: 'Share this view as a file…', icon: Share, run: () => void shareAsFile({ name: proposedName(viewNow()), view: viewNow() }) },
    { label: 'Open a view…', detail: 'from a file or a link', icon: FileUp, run: () => viewsStore.setState({ bringing: true }) },
    ...(views.length > 0 ? [{ kind: 'separator' } as const, { kind: 'heading', label: 'Saved views' } as const] : []),
    ...views.slice(0, 30).map((saved) => ({ label: saved.name, icon: Bookmark, ...(saved.viewId === currentId && { checked: true }), run: () => void applySaved(saved) }))
  ]
}

export const saveAsView = (): void => askToSave(viewNow(), proposedName(viewNow()))
