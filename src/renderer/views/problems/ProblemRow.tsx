/** One problem, and when opened the lines around it. */
import { ChevronDown, ChevronRight, Copy, Info, OctagonX, TriangleAlert } from 'lucide-react'
import type { Problem } from '#contract/overview'
import { Button } from '../../parts/Button.tsx'
import { classes } from '../../parts/classes.ts'
import { count } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { useCall } from '../../state/query.ts'
import { toast } from '../../state/toasts.ts'
import styles from './ProblemsPanel.module.css'

const levels = { error: { icon: OctagonX, tone: 'errc' }, warning: { icon: TriangleAlert, tone: 'waitc' }, note: { icon: Info, tone: 't3' } }

export function ProblemRow({ problem, open, onToggle }: { problem: Problem; open: boolean; onToggle: () => void }) {
  const { level, title, source, line, byte, sample, did } = problem
  const { icon, tone } = levels[level]
  return (
    <>
      <div role="row" className={classes(styles['row'], styles['problem'], open && styles['open'])} onClick={onToggle}>
        <span role="cell" className={tone}>
          <Icon of={icon} size={12} />
          <span className="hidden">{level}</span>
        </span>
        <span role="cell" className="med ell" title={problem.message}>
          {title}
        </span>
        <span role="cell" className="num">
          {count(problem.count)}
        </span>
        <span role="cell" className="ell t2" title={source}>
          {source}
        </span>
        <span role="cell" className="num">
          {line === null ? '' : `${problem.count > 1 ? 'first ' : ''}${count(line)}`}
        </span>
        <span role="cell" className="num">
          {byte === null ? '' : count(byte)}
        </span>
        {/* What is of no line has no sample: then what is wrong stands here. */}
        <span role="cell" className={sample === '' ? 'ell' : 'mono f11 ell'} title={sample === '' ? problem.message : sample}>
          {sample === '' ? problem.message : sample}
        </span>
        <span role="cell" className="t2 ell" title={did}>
          {did}
        </span>
        <span role="cell">
          <button
            type="button"
            className={styles['toggle']}
            aria-expanded={open}
            aria-label={`${title}: lines around it`}
            onClick={(event) => {
              event.stopPropagation()
              onToggle()
            }}
          >
            <Icon of={open ? ChevronDown : ChevronRight} size={12} />
          </button>
        </span>
      </div>
      {open && (
        <div role="row">
          <div role="cell">
            <Context problem={problem} />
          </div>
        </div>
      )}
    </>
  )
}

function Context({ problem }: { problem: Problem }) {
  const { data, error, loading } = useCall('problems.context', problem.line === null ? null : { problemId: problem.problemId, lines: 1 })
  const text = data?.lines.map((line) => line.text).join('\n') ?? problem.sample
  const copy = (): void => void navigator.clipboard.writeText(text).then(() => toast({ tone: 'note', title: 'Lines copied' }))
  return (
    <div className={styles['context']}>
      <span className="f11 t3">{problem.line === null ? '' : `line ${count(problem.line)}`}</span>
      <code className={styles['lines']} tabIndex={0} role="group" aria-label="Lines around it">
        {data?.lines.map((line) => (
          <span key={line.line} className={line.bad ? styles['bad'] : undefined}>
            {line.text === '' ? ' ' : line.text}
            {line.cut && '…'}
          </span>
        ))}
        {problem.line === null && <span>{problem.sample}</span>}
        {error && <span>{error.message}</span>}
        {!data && loading && <span>…</span>}
      </code>
      <span className="f11 t2">{problem.message}</span>
      <Button size="small" icon={Copy} onClick={copy}>
        Copy lines
      </Button>
    </div>
  )
}

/** For a report: one tab-separated line a problem. */
export const problemsAsText = (problems: Problem[]): string =>
  ['level\tkind\tcount\tsource\tline\tbyte\tmessage\tsample\tdid', ...problems.map((p) => [p.level, p.title, p.count, p.source, p.line ?? '', p.byte ?? '', p.message, p.sample, p.did].map((value) => String(value).replace(/[\t\r\n]+/g, ' ')).join('\t'))].join('\n')
