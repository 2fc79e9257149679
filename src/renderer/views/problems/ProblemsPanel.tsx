/** Everything that could not be read or looks wrong, counted, with its place and what was done about it. */
import { CircleCheck, Copy, Info, OctagonX, TriangleAlert, X } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { classes } from '../../parts/classes.ts'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { count, counted } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import { Segmented } from '../../parts/Segmented.tsx'
import { useKeysOf } from '../../state/commands.ts'
import { useCall } from '../../state/query.ts'
import { useEngine } from '../../state/sources.ts'
import { toast } from '../../state/toasts.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { GapLedger } from './GapLedger.tsx'
import { ProblemRow, problemsAsText } from './ProblemRow.tsx'
import styles from './ProblemsPanel.module.css'

const pageSize = 200

export function ProblemsPanel() {
  const sourceId = useWorkbench((s) => s.sourceId)
  const sources = useEngine((s) => s.sources)
  const several = sources.length > 1
  const [of, setOf] = useState<'all' | 'this'>('all')
  const [pages, setPages] = useState(1)
  const [open, setOpen] = useState<string | null>(null)
  // With one source those of the settings are listed with it.
  const mine = several && of === 'this'
  const { data, error, retry } = useCall('problems.list', { ...(mine && sourceId !== null && { sourceId }), limit: Math.min(1000, pageSize * pages) })
  const problems = data?.problems ?? []
  const queues = sources.filter((source) => source.live !== null && (!mine || source.sourceId === sourceId))
  const copy = (): void => void navigator.clipboard.writeText(problemsAsText(problems)).then(() => toast({ tone: 'note', title: `${counted(problems.length, 'problem')} copied` }))
  return (
    <section className={styles['panel']} aria-labelledby="problems-title" data-region="problems">
      <header className={styles['head']}>
        <h2 id="problems-title" className={styles['title']}>
          Problems <span className={styles['number']}>{data ? count(data.total) : ''}</span>
        </h2>
        {data && <Counts errors={data.errors} warnings={data.warnings} notes={data.notes} />}
        <span className="grow" />
        {several && (
          <Segmented
            name="Problems of"
            value={of}
            onChange={setOf}
            options={[
              { value: 'all', label: 'All sources' },
              { value: 'this', label: 'This source' }
            ]}
          />
        )}
        <Button size="small" icon={Copy} disabled={problems.length === 0} onClick={copy}>
          Copy {counted(problems.length, 'problem')}
        </Button>
        <IconButton small name="Close problems" keys={useKeysOf('problems')} icon={X} onClick={() => workbench.getState().setPanel(null)} />
      </header>
      {error ? (
        <EmptyState icon={OctagonX} tone="error" title="The problems could not be listed" actions={<Button onClick={retry}>Try again</Button>}>
          {error.message}
        </EmptyState>
      ) : data && data.total === 0 ? (
        <div className={styles['scroll']}>
          <EmptyState icon={CircleCheck} title="No problems">
            {queues.length > 0 ? 'Every message could be read. What is no record, and what looks wrong in one, would be listed here.' : 'Every line could be read. Lines that are no records, and what looks wrong in them, would be listed here with their place.'}
          </EmptyState>
          {queues.length > 0 && <GapLedger sources={queues} />}
        </div>
      ) : (
        <div className={styles['scroll']}>
          <div role="table" aria-label="Problems" className={styles['table']}>
            <div role="row" className={classes(styles['row'], styles['heads'])}>
              <span role="columnheader">
                <span className="hidden">level</span>
              </span>
              <span role="columnheader">kind</span>
              <span role="columnheader" className="num">
                count
              </span>
              <span role="columnheader">source</span>
              <span role="columnheader" className="num">
                line
              </span>
              <span role="columnheader" className="num">
                byte offset
              </span>
              <span role="columnheader">sample</span>
              <span role="columnheader">what Provscope did</span>
              <span role="columnheader">
                <span className="hidden">lines around it</span>
              </span>
            </div>
            {problems.map((problem) => (
              <ProblemRow key={problem.problemId} problem={problem} open={open === problem.problemId} onToggle={() => setOpen(open === problem.problemId ? null : problem.problemId)} />
            ))}
          </div>
          {data && data.total > problems.length && problems.length < 1000 && (
            <Button tone="link" onClick={() => setPages(pages + 1)}>
              Show more of {count(data.total)}
            </Button>
          )}
          {queues.length > 0 && <GapLedger sources={queues} />}
        </div>
      )}
    </section>
  )
}

function Counts({ errors, warnings, notes }: { errors: number; warnings: number; notes: number }) {
  return (
    <span className={styles['counts']}>
      {errors > 0 && (
        <span>
          <Icon of={OctagonX} size={12} className="errc" />
          {counted(errors, 'error')}
        </span>
      )}
      {warnings > 0 && (
        <span>
          <Icon of={TriangleAlert} size={12} className="waitc" />
          {counted(warnings, 'warning')}
        </span>
      )}
      {notes > 0 && (
        <span>
          <Icon of={Info} size={12} className="t3" />
          {counted(notes, 'note')}
        </span>
      )}
    </span>
  )
}
