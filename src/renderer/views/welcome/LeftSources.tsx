/** What was open in the last session and was not opened again by itself, and why. */
import { Database, FileJson2, Files, Folder, History, Radio, Server, X } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { LeftSource } from '#contract/savedViews'
import { Button } from '../../parts/Button.tsx'
import { Card } from '../../parts/Card.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import { forgetLeft, leftStore, openAllLeft, openLeft } from '../../state/session.ts'
import { workbench } from '../../state/workbench.ts'
import styles from './LeftSources.module.css'

export function LeftCard({ className }: { className?: string | undefined }) {
  const { sources, brokeOff } = leftStore()
  if (sources.length === 0) return null
  return (
    <Card title="Last session" note={brokeOff ? 'broke off' : undefined} icon={History} className={className} tools={<RestoreAll sources={sources} />}>
      <LeftRows sources={sources} />
    </Card>
  )
}

function RestoreAll({ sources }: { sources: LeftSource[] }) {
  const files = sources.filter(({ kind, why }) => kind !== 'queue' && kind !== 'mongodb' && why !== 'failed')
  if (files.length === 0) return null
  return (
    <Button size="small" tone="link" onClick={() => void openAllLeft(files)}>
      Restore the last session
    </Button>
  )
}

export function LeftRows({ sources }: { sources: LeftSource[] }) {
  return (
    <ul className={styles['rows']} aria-label="Sources of the last session">
      {sources.map((source) => (
        <li key={source.handle} className={styles['row']}>
          <Icon of={icons[source.kind]} size={14} className="t3" />
          <span className="grow">
            <span className="med ell">{source.name}</span>
            <span className={styles['why']}>{reasons[source.why]}</span>
          </span>
          <Button size="small" onClick={() => void openLeft(source).then(() => workbench.getState().dialog === 'session' && workbench.getState().setDialog(null))}>
            {source.kind === 'queue' ? 'Attach…' : 'Open'}
          </Button>
          <IconButton small name={`Forget ${source.name}`} icon={X} onClick={() => void forgetLeft(source.handle)} />
        </li>
      ))}
    </ul>
  )
}

const icons: Record<LeftSource['kind'], LucideIcon> = { file: FileJson2, files: Files, folder: Folder, queue: Radio, lmdb: Database, mongodb: Server }
const reasons: Record<LeftSource['why'], string> = {
  setting: 'The setting “Restore the last session” is off.',
  failed: 'Provscope ended twice while this was being opened.',
  network: 'Nothing is connected to unasked.',
  'other-start': 'Something else was asked for at this start.'
}
