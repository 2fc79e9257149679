/** Watch expressions: what is watched, what each says of each source, and the form to write one. */
import { Bell } from 'lucide-react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { engine, useSource } from '../../state/sources.ts'
import { pathOf, templates, watchStore } from '../../state/watches.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { WatchForm } from './WatchForm.tsx'
import { WatchRow } from './WatchRow.tsx'
import styles from './Watches.module.css'

export function WatchesDialog() {
  const open = useWorkbench((s) => s.dialog === 'watches')
  const draft = watchStore((s) => s.draft)
  if (!open) return null
  const close = (): void => workbench.getState().setDialog(null)
  if (draft) return <WatchForm key={draft.watchId ?? 'new'} watchId={draft.watchId} initial={draft.watch} onClose={close} onDone={() => watchStore.setState({ draft: null })} />
  return (
    <Dialog open onClose={close} icon={Bell} title="Watches" className={styles['dialog']} foot={<Foot />}>
      <List />
    </Dialog>
  )
}

function List() {
  const watches = watchStore((s) => s.watches)
  const sources = engine((s) => s.sources)
  if (watches.length === 0) return <p className={styles['empty']}>Nothing is watched. A watch is a filter with a condition; where it holds, the source is marked and you are told once.</p>
  return (
    <ul className={styles['list']} aria-label="Watches">
      {watches.map((watch) => (
        <WatchRow key={watch.watchId} watch={watch} sources={sources} />
      ))}
    </ul>
  )
}

function Foot() {
  const source = useSource()
  return (
    <>
      <span className="t3 nw">New:</span>
      {templates.map((template) => (
        <Button key={template.name} onClick={() => watchStore.setState({ draft: { watchId: null, watch: template } })}>
          {template.name}
        </Button>
      ))}
      <span className="grow" />
      <Button tone="primary" onClick={() => watchStore.setState({ draft: { watchId: null, watch: { ...(templates[0] as (typeof templates)[0]), name: '', match: { filter: {}, search: '' }, source: pathOf(source?.sourceId ?? null) } } })}>
        New watch
      </Button>
    </>
  )
}
