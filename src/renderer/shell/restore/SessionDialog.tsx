/** What the last session had open and this one has not: each with why, to be opened or forgotten. */
import { History } from 'lucide-react'
import type { LeftSource } from '#contract/savedViews'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { forgetLeft, leftStore } from '../../state/session.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { LeftRows } from '../../views/welcome/LeftSources.tsx'
import styles from './SessionDialog.module.css'

export function SessionDialog() {
  const open = useWorkbench((s) => s.dialog === 'session')
  const sources = leftStore((s) => s.sources)
  if (!open) return null
  const close = (): void => workbench.getState().setDialog(null)
  return (
    <Dialog open onClose={close} icon={History} title="The last session" className={styles['dialog']} foot={<DialogFoot sources={sources} onClose={close} />}>
      {sources.length === 0 ? <p className={styles['none']}>All that was open is open.</p> : <LeftRows sources={sources} />}
    </Dialog>
  )
}

function DialogFoot({ sources, onClose }: { sources: LeftSource[]; onClose: () => void }) {
  return (
    <>
      <Button size="large" tone="ghost" disabled={sources.length === 0} onClick={() => void forgetLeft(null)}>
        Forget all
      </Button>
      <span className="grow" />
      <Button size="large" onClick={onClose}>
        Close
      </Button>
    </>
  )
}
