/** What is open: one row a source, with its state and what can be done with it. */
import { Database, Ellipsis, FileJson2, Files, Folder, FolderOpen, Plus, Radio, SquareTerminal, FlaskConical, Square, X, Play } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { Source } from '#contract/sources'
import { classes } from '../../parts/classes.ts'
import { bytes, count, percent } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import { ContextMenu, Menu, type MenuItem } from '../../parts/Menu.tsx'
import { Progress } from '../../parts/Progress.tsx'
import { Tooltip } from '../../parts/Tooltip.tsx'
import { actOnSource, followSource, openByDialog, openSample } from '../../state/open.ts'
import { useEngine } from '../../state/sources.ts'
import { toast } from '../../state/toasts.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import styles from './Navigator.module.css'

const kindIcons: Record<Source['kind'], LucideIcon> = { file: FileJson2, files: Files, folder: Folder, stdin: SquareTerminal, queue: Radio, lmdb: Database, mongodb: Database }

export const openItems = (): MenuItem[] => [
  { label: 'Open file…', icon: FileJson2, keys: 'Ctrl+O', run: () => void openByDialog('files') },
  { label: 'Open folder…', icon: FolderOpen, keys: 'Ctrl+Shift+O', run: () => void openByDialog('folder') },
  { label: 'Open the sample', icon: FlaskConical, run: () => void openSample() }
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
            <span className="grow ell">{source.name}</span>
            <SourceFigure source={source} />
          </button>
        </Tooltip>
        {state === 'reading' && <Progress name={`Reading ${source.name}`} value={totalBytes ? readBytes / totalBytes : null} className={styles['reading'] ?? ''} />}
        <Menu name={`Actions for ${source.name}`} trigger={<IconButton small name={`Actions for ${source.name}`} icon={Ellipsis} className={styles['more']} />} items={items} />
      </li>
    </ContextMenu>
  )
}

function SourceFigure({ source }: { source: Source }) {
  const { state, readBytes, totalBytes, counts } = source
  if (state === 'failed') return <span className="errc f11 nw">not read</span>
  if (state === 'reading' && totalBytes) return <span className={classes(styles['count'], 'runc f11')}>{percent(Math.floor((readBytes / totalBytes) * 100) / 100)}</span>
  return <span className={styles['count']}>{count(counts.tasks)}</span>
}

function describe({ path, files, totalBytes, readBytes, state, error, kind }: Source): string {
  const size = bytes(totalBytes ?? readBytes)
  const what = kind === 'file' || kind === 'stdin' ? size : `${count(files)} files, ${size}`
  const how = { reading: 'being read', ready: '', stopped: 'read in part', failed: error ?? 'could not be read' }[state]
  return [path, what, how].filter(Boolean).join(' · ')
}

function itemsFor(source: Source): MenuItem[] {
  const { sourceId, state, following, kind, path } = source
  const items: MenuItem[] = []
  if (state === 'reading' && !following) items.push({ label: 'Stop reading here', icon: Square, run: () => void actOnSource('sources.stop', sourceId) })
  if (state === 'stopped' || state === 'failed') items.push({ label: state === 'failed' ? 'Try again' : 'Read the rest', icon: Play, run: () => void actOnSource('sources.readOn', sourceId) })
  if (kind !== 'stdin') items.push({ label: 'Follow as it grows', checked: following, run: () => void followSource(sourceId, !following) })
  items.push({ label: 'Copy path', run: () => void navigator.clipboard.writeText(path).then(() => toast({ tone: 'note', title: 'Path copied', detail: path })) })
  return [...items, { kind: 'separator' }, { label: 'Close', detail: 'the file stays as it is', icon: X, run: () => void actOnSource('sources.close', sourceId) }]
}
