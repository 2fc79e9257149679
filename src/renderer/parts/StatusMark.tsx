/** The six marks of a task's status: a shape and a word, so that colour is never alone. */
import { classes } from './classes.ts'
import styles from './StatusMark.module.css'

type Kind = 'ok' | 'run' | 'wait' | 'sub' | 'err' | 'unk'

const kinds: Record<string, { kind: Kind; word: string }> = {
  FINISHED: { kind: 'ok', word: 'Finished' },
  RUNNING: { kind: 'run', word: 'Running' },
  WAITING: { kind: 'wait', word: 'Waiting' },
  SUBMITTED: { kind: 'sub', word: 'Submitted' },
  ERROR: { kind: 'err', word: 'Error' },
  UNKNOWN: { kind: 'unk', word: 'Unknown' }
}

/** Word and tone of a status. One that Flowcept does not know keeps its own spelling. */
export function statusWord(status: string | null): { kind: Kind; word: string } {
  if (status === null) return { kind: 'unk', word: 'No status' }
  return (Object.hasOwn(kinds, status) ? kinds[status] : undefined) ?? { kind: 'unk', word: status }
}

export function StatusMark({ status, alone = false, className }: { status: string | null; /** Without the word; it stays the accessible name. */ alone?: boolean; className?: string | undefined }) {
  const { kind, word } = statusWord(status)
  return (
    <span className={classes(styles['status'], styles[kind], className)}>
      <svg viewBox="0 0 12 12" width={12} height={12} {...(alone ? { role: 'img', 'aria-label': word } : { 'aria-hidden': true })}>
        {shapes[kind]}
      </svg>
      {!alone && word}
    </span>
  )
}

const ring = { cx: 6, cy: 6, r: 5, fill: 'none', stroke: 'currentColor', strokeWidth: 1.4 }
const shapes: Record<Kind, React.ReactNode> = {
  ok: (
    <>
      <circle cx="6" cy="6" r="5.2" fill="currentColor" />
      <path d="M3.6 6.2l1.7 1.7 3.2-3.6" fill="none" stroke="var(--content)" strokeWidth="1.5" />
    </>
  ),
  run: (
    <>
      <circle {...ring} />
      <path d="M4.7 3.7v4.6L8.5 6z" fill="currentColor" />
    </>
  ),
  wait: (
    <>
      <circle {...ring} />
      <path d="M6 3.2V6l1.9 1.3" fill="none" stroke="currentColor" strokeWidth="1.4" />
    </>
  ),
  sub: <circle {...ring} strokeDasharray="2.2 1.7" />,
  err: (
    <>
      <path d="M3.6.8h4.8l2.8 2.8v4.8l-2.8 2.8H3.6L.8 8.4V3.6z" fill="currentColor" />
      <path d="M4.2 4.2l3.6 3.6M7.8 4.2L4.2 7.8" stroke="var(--content)" strokeWidth="1.5" />
    </>
  ),
  unk: (
    <>
      <path d="M6 .9L11.1 6 6 11.1.9 6z" fill="none" stroke="currentColor" strokeWidth="1.4" />
      <circle cx="6" cy="6" r="1.2" fill="currentColor" />
    </>
  )
}
