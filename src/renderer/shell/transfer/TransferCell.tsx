/** In the status bar: a transfer that is under way, with what is done of it; opens the dialog. */
import { ArrowLeftRight } from 'lucide-react'
import { counted, percent } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { openTransfer, sum, transferStore } from '../../state/transfers.ts'
import styles from './TransferDialog.module.css'

export function TransferCell() {
  const running = transferStore((s) => s.jobs).filter((job) => job.state === 'running')
  const [first] = running
  if (!first) return null
  const all = sum(first.total)
  const done = all > 0 ? ` ${percent(Math.floor((sum(first.read) / all) * 100) / 100)}` : ''
  return (
    <button type="button" className={styles['cell']} onClick={() => openTransfer()}>
      <Icon of={ArrowLeftRight} size={12} className="runc" />
      {running.length > 1 ? counted(running.length, 'transfer') : `${first.dryRun ? 'Comparing stores' : `Writing to ${first.to.length > 32 ? 'a store' : first.to}`}${done}`}
    </button>
  )
}
