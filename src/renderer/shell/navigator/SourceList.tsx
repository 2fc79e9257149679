/** What is open: one row a source, with its state and what can be done with it. */
import { ArrowLeftRight, CircleMinus, Combine, Database, Download, Ellipsis, FileJson2, Files, FlaskConical, Folder, FolderOpen, Pause, Play, Plug, Plus, Radio, Server, Square, SquareArrowOutUpRight, SquareTerminal, X } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { Source } from '#contract/sources'
import { classes } from '../../parts/classes.ts'
import { bytes, count, counted, percent } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import { ContextMenu, Menu, type MenuItem } from '../../parts/Menu.tsx'
import { Progress } from '../../parts/Progress.tsx'
import { Tooltip } from '../../parts/Tooltip.tsx'
import { openAttach } from '../../state/attach.ts'
import { openExport } from '../../state/exports.ts'
import { openInNewWindow } from '../../state/newWindow.ts'
import { actOnSource, followSource, isDesktop, openByDialog, openSample, openStoreDialog } from '../../state/open.ts'
import { useZone } from '../../state/appearance.ts'
import { keysNow } from '../../state/commands.ts'
import { attachAgain, detachSource, isAttached, pauseSource } from '../../state/liveSource.ts'
import { useEngine } from '../../state/sources.ts'
import { toast } from '../../state/toasts.ts'
import { openTransfer } from '../../state/transfers.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { liveWords } from '../live/linkWords.ts'
import { canTransfer, transferSource } from '../transfer/transferSource.ts'
import { WatchMark } from '../watches/WatchMark.tsx'
import styles from './Navigator.module.css'

const kindIcons: Record<Source['kind'], LucideIcon> = { file: FileJson2, files: Files, folder: Folder, stdin: SquareTerminal, queue: Radio, lmdb: Database, mongodb: Server }

export const openItems = (): MenuItem[] => [
  { label: 'Open file…', icon: FileJson2, keys: keysNow('open.file'), run: () => void openByDialog('files') },
  { label: 'Open folder…', icon: FolderOpen, keys: keysNow('open.folder'), run: () => void openByDialog('folder') },
  { label: 'Attach to a queue…', icon: Radio, keys: keysNow('attach'), run: () => openAttach() },
  { label: 'Open a store…', icon: Database, keys: keysNow('open.store'), run: () => openStoreDialog() },
  { label: 'Open the sample', icon: FlaskConical, run: () => void openSample() },
  { kind: 'separator' },
  { label: 'Transfer between stores…', icon: ArrowLeftRight, run: () => openTransfer() },
  { label: 'Consolidate buffers…', icon: Combine, run: () => workbench.getState().setDialog('buffers') }
]

export function SourceList() {
  const sources = useEngine((s) => s.sources)
  return (
    <>
      <div className={styles['head']}>
        <h2 className="grow" id="sources-title">
          Sources
        </h2>
        <Menu name="Open a source" trigger={<IconButton small name="Open a source" icon={Plus} />} items={openItems()} />
      </div>
      <ul className={classes(styles['scroll'], styles['sources'])} aria-labelledby="sources-title">
        {sources.map((source) => (
          <SourceRow key={source.sourceId} source={source} />
        ))}
      </ul>
    </>
  )
}

function SourceRow({ source }: { source: Source }) {
  const current = useWorkbench((s) => s.sourceId === source.sourceId)
  const items = itemsFor(source)
  const { readBytes, totalBytes, state } = source
  return (
    <ContextMenu items={items}>
      <li className={styles['source']}>
        <Tooltip text={describe(source)} side="right">
          <button type="button" className={classes(styles['row'], current && styles['current'])} aria-current={current || undefined} onClick={() => workbench.getState().openSource(source.sourceId)}>
            <span className={styles['spacer']} />
            <Icon of={source.following ? Radio : kindIcons[source.kind]} size={14} />
            {source.live && <LinkMark live={source.live} />}
            <span className="grow ell">{source.name}</span>
            <WatchMark sourceId={source.sourceId} />
            <SourceFigure source={source} />
          </button>
        </Tooltip>
        {state === 'reading' && !source.live && <Progress name={`Reading ${source.name}`} value={totalBytes ? readBytes / totalBytes : null} className={styles['reading'] ?? ''} />}
        <Menu name={`Actions for ${source.name}`} trigger={<IconButton small name={`Actions for ${source.name}`} icon={Ellipsis} className={styles['more']} />} items={items} />
      </li>
    </ContextMenu>
  )
}

/** Only what is not as it should be gets a mark: going on is quiet. */
function LinkMark({ live }: { live: NonNullable<Source['live']> }) {
  const zone = useZone()
  if (live.link.name === 'live' && live.pausedAt === null) return null
  const { icon, tone, text } = liveWords(live, zone, Date.now() / 1000)
  return (
    <span role="img" aria-label={text} className={tone}>
      <Icon of={icon} size={12} />
    </span>
  )
}

function SourceFigure({ source }: { source: Source }) {
  const { state, readBytes, totalBytes, counts } = source
  if (state === 'failed') return <span className="errc f11 nw">not read</span>
  if (state === 'reading' && totalBytes) return <span className={classes(styles['count'], 'runc f11')}>{percent(Math.floor((readBytes / totalBytes) * 100) / 100)}</span>
  return <span className={styles['count']}>{count(counts.tasks)}</span>
}

function describe({ path, files, totalBytes, readBytes, state, error, kind, live }: Source): string {
  const size = bytes(totalBytes ?? readBytes)
  const what = kind === 'file' || kind === 'stdin' ? size : `${count(files)} files, ${size}`
  if (live) return [live.url, counted(live.received, 'message'), live.role === 'record' ? 'recording' : 'watching'].join(' · ')
  const how = { reading: 'being read', ready: '', stopped: 'read in part', failed: error ?? 'could not be read' }[state]
  return [path, what, how].filter(Boolean).join(' · ')
}

function exportItem({ sourceId }: Source): MenuItem {
  return {
    label: 'Export…',
    detail: 'the whole source',
    icon: Download,
    run: () => {
      workbench.getState().openSource(sourceId)
      openExport({ about: 'whole' })
    }
  }
}

function itemsForLive(source: Source, live: NonNullable<Source['live']>): MenuItem[] {
  const { sourceId } = source
  const paused = live.pausedAt !== null
  return [
    ...(isAttached(live)
      ? [
          { label: paused ? 'Resume' : 'Pause', icon: paused ? Play : Pause, keys: 'Space', run: () => void pauseSource(sourceId, !paused) },
          { label: 'Detach', icon: CircleMinus, detail: 'what has arrived stays open', run: () => void detachSource(sourceId) }
        ]
      : [{ label: 'Attach again', icon: Plug, run: () => void attachAgain(source) }]),
    exportItem(source),
    { label: 'Copy address', run: () => void navigator.clipboard.writeText(live.url).then(() => toast({ tone: 'note', title: 'Address copied', detail: live.url })) },
    { kind: 'separator' },
    { label: 'Close', detail: live.role === 'record' ? 'ends the recording; its stores stay' : 'what has arrived is let go', icon: X, run: () => void actOnSource('sources.close', sourceId) }
  ]
}

function itemsFor(source: Source): MenuItem[] {
  if (source.live) return itemsForLive(source, source.live)
  const { sourceId, state, following, kind, path } = source
  const items: MenuItem[] = []
  if (state === 'reading' && !following) items.push({ label: 'Stop reading here', icon: Square, run: () => void actOnSource('sources.stop', sourceId) })
  if (state === 'stopped' || state === 'failed') items.push({ label: state === 'failed' ? 'Try again' : 'Read the rest', icon: Play, run: () => void actOnSource('sources.readOn', sourceId) })
  if (kind === 'file' || kind === 'files' || kind === 'folder') items.push({ label: 'Follow as it grows', checked: following, run: () => void followSource(sourceId, !following) })
  items.push(exportItem(source))
  if (canTransfer(source)) items.push({ label: 'Transfer to a store…', icon: ArrowLeftRight, run: () => void transferSource(source) })
  items.push({ label: isDesktop() ? 'Open in a new window' : 'Open in a new tab', icon: SquareArrowOutUpRight, run: () => void openInNewWindow(sourceId) })
  items.push({ label: kind === 'queue' || kind === 'mongodb' ? 'Copy address' : 'Copy path', run: () => void navigator.clipboard.writeText(path).then(() => toast({ tone: 'note', title: 'Path copied', detail: path })) })
  return [...items, { kind: 'separator' }, { label: 'Close', detail: 'the file stays as it is', icon: X, run: () => void actOnSource('sources.close', sourceId) }]
}
