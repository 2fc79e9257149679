/** What was open before: errors, tasks, whether it is still there and has grown. */
import type { LucideIcon } from 'lucide-react'
import { Database, FileJson2, Files, Folder, History, Radio, Search, Server, X } from 'lucide-react'
import { useState } from 'react'
import type { Result } from '#contract/methods'
import { call } from '../../connection/call.ts'
import { Card } from '../../parts/Card.tsx'
import { classes } from '../../parts/classes.ts'
import { ErrorMark } from '../../parts/ErrorMark.tsx'
import { ago, bytes, count } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { openRecent } from '../../state/open.ts'
import { useCall } from '../../state/query.ts'
import styles from './Welcome.module.css'

type Recent = Result<'recents.list'>['recents'][number]
const icons: Record<Recent['kind'], LucideIcon> = { file: FileJson2, files: Files, folder: Folder, queue: Radio, lmdb: Database, mongodb: Server }

export function Recents() {
  const { data, error, retry } = useCall('recents.list', { limit: 50 })
  const [find, setFind] = useState('')
  const all = data?.recents ?? []
  const shown = all.filter((recent) => `${recent.name} ${recent.path}`.toLowerCase().includes(find.toLowerCase()))
  const forget = async (handle: string): Promise<void> => {
    await call('recents.forget', { handle })
    retry()
  }
  return (
    <Card title="Recent" note={data ? count(data.total) : undefined} icon={History} className={styles['card']} tools={all.length > 5 && <TextField small name="Find among recent sources" icon={Search} placeholder="Find" className={styles['find']} value={find} onChange={setFind} />}>
      {shown.length > 0 && (
        <div className={classes(styles['row'], styles['heads'])} aria-hidden="true">
          <span />
          <span>source</span>
          <span title="Share of failed tasks; full is 5 %">errors</span>
          <span className="num">tasks</span>
          <span>state</span>
          <span className="num">opened</span>
          <span />
        </div>
      )}
      <ul aria-label="Recent sources">
        {shown.map((recent) => (
          <RecentRow key={recent.handle} recent={recent} onForget={() => void forget(recent.handle)} />
        ))}
      </ul>
      {error && <p className={classes(styles['none'], 'errc')}>{error.message}</p>}
      {data && shown.length === 0 && <p className={styles['none']}>{all.length === 0 ? 'What you open is listed here, to come back to. Begin with the sample, if you have no buffer at hand.' : 'None of them has this in its name or path.'}</p>}
    </Card>
  )
}

/** Whether a server answers is asked when it is opened, not for a list. */
function stateWords({ kind, state, grewBytes }: Recent): string {
  if (kind === 'queue') return 'Not attached'
  if (kind === 'mongodb') return 'Not tried'
  return { ready: 'Ready', grew: `Grew by ${bytes(grewBytes)}`, missing: 'Has moved' }[state]
}

function RecentRow({ recent, onForget }: { recent: Recent; onForget: () => void }) {
  const { name, path, kind, tasks, errors, state, openedAt } = recent
  return (
    <li className={styles['row']}>
      <Icon of={icons[kind]} />
      <button type="button" className={styles['open']} onClick={() => void openRecent(recent)}>
        <span className="med ell" style={{ display: 'block' }}>
          {name}
        </span>
        <span className="f11 t3 ell mono" style={{ display: 'block' }}>
          {path}
        </span>
      </button>
      <span>
        <ErrorMark errors={errors} tasks={tasks} width={48} />
      </span>
      <span className="num">{count(tasks)}</span>
      <span className={classes('f11 ell', { ready: 't3', grew: 'runc', missing: 'waitc' }[state])}>{stateWords(recent)}</span>
      <span className="f11 t3 num nw">{ago(openedAt)}</span>
      <IconButton small name={`Forget ${name}`} icon={X} className={styles['forget']} onClick={onForget} />
    </li>
  )
}
