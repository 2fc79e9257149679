/** Above the status line while a source is read: bytes, rows, time left, and the way to stop. */
import { useState } from 'react'
import type { Source } from '#contract/sources'
import { Button } from '../../parts/Button.tsx'
import { bytes, bytesOf, counted, left } from '../../parts/format.ts'
import { Progress } from '../../parts/Progress.tsx'
import { actOnSource } from '../../state/open.ts'
import styles from './LoadingBar.module.css'

export function LoadingBar({ source }: { source: Source }) {
  const [stopping, setStopping] = useState<string | null>(null)
  if (source.state !== 'reading' || source.live) return null
  const { name, readBytes, totalBytes, secondsLeft, counts, stage } = source
  const whole = totalBytes !== null && totalBytes > 0 ? readBytes / totalBytes : null
  const merging = stage === 'core' && whole !== null && whole >= 1
  const words = [
    totalBytes === null ? bytes(readBytes) : bytesOf(readBytes, totalBytes),
    counts.tasks > 0 ? counted(counts.tasks, 'task') : counted(counts.messages, 'message'),
    merging ? 'merging tasks' : secondsLeft !== null && secondsLeft > 0 ? left(secondsLeft) : null
  ]
  return (
    <div className={styles['bar']}>
      <Progress name={`Reading ${name}`} value={merging ? null : whole} className={styles['progress'] ?? ''} />
      <span className="f11 t2 nw">{words.filter(Boolean).join(', ')}</span>
      <Button
        tone="link"
        size="small"
        disabled={stopping === source.sourceId}
        onClick={() => {
          setStopping(source.sourceId)
          void actOnSource('sources.stop', source.sourceId).finally(() => setStopping(null))
        }}
      >
        {stopping === source.sourceId ? 'Stopping' : 'Stop here'}
      </Button>
    </div>
  )
}
