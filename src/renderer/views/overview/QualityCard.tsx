/** Whether the provenance itself is sound: what was found, how much of it, and a way to the records concerned. */
import { CircleCheck, Info, type LucideIcon, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Result } from '#contract/methods'
import type { Scope } from '#contract/values'
import { Button } from '../../parts/Button.tsx'
import { count, counted } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { useCall } from '../../state/query.ts'
import { workbench } from '../../state/workbench.ts'
import { CardState } from '../../parts/CardState.tsx'
import css from './Overview.module.css'

type Check = Result<'overview.quality'>['checks'][number]
const levels: Record<Check['level'], { icon: LucideIcon; tone: string; word: string }> = {
  warning: { icon: TriangleAlert, tone: 'waitc', word: 'Warning' },
  note: { icon: Info, tone: 't3', word: 'Note' },
  ok: { icon: CircleCheck, tone: 'okc', word: 'Sound' }
}

export function QualityCard({ sourceId, scope }: { sourceId: string; scope: Scope }): ReactNode {
  const answer = useCall('overview.quality', { sourceId, scope })
  const checks = answer.data?.checks ?? []
  const warnings = checks.filter(({ level }) => level === 'warning').length
  const notes = checks.filter(({ level }) => level === 'note').length
  return (
    <section className={css['card']} aria-label="Data quality">
      <header className={css['cardHead']}>
        Data quality {answer.data && <span className={css['count']}>{warnings + notes === 0 ? 'nothing found' : `${counted(warnings, 'warning')}, ${counted(notes, 'note')}`}</span>}
        <span className="grow" />
        <Button tone="ghost" size="small" onClick={() => workbench.getState().setPanel('problems')}>
          Open problems
        </Button>
      </header>
      <CardState answer={answer}>
        <div className={css['scroll']}>
          {checks.map((check) => (
            <CheckRow key={check.kind + check.level} check={check} />
          ))}
        </div>
      </CardState>
    </section>
  )
}

function CheckRow({ check }: { check: Check }): ReactNode {
  const { icon, tone, word } = levels[check.level]
  const { filter } = check
  const inside = (
    <>
      <Icon of={icon} size={14} className={tone} />
      <span className={css['words']}>
        <span>
          <span className="hidden">{word}: </span>
          {check.title}
        </span>
        <span className="f11 t3 ell" title={check.detail}>
          {check.detail}
        </span>
      </span>
      <span className="num">{check.level === 'ok' ? <span className="t3">none</span> : count(check.count)}</span>
    </>
  )
  if (check.kind === 'rejected-lines' && check.level !== 'ok') {
    return (
      <button type="button" className={css['check']} onClick={() => workbench.getState().setPanel('problems')}>
        {inside}
      </button>
    )
  }
  if (filter === null) return <div className={css['check']}>{inside}</div>
  const show = (): void => {
    workbench.getState().setRecords(check.records)
    workbench.getState().addChips([filter])
    workbench.getState().openView('table')
  }
  return (
    <button type="button" className={css['check']} onClick={show} title="Show these in the Table">
      {inside}
    </button>
  )
}
