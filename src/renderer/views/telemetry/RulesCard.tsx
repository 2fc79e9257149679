/** Critical-task rules: Flowcept's names and thresholds, to be changed; how many tasks each marks of those it can judge. */
import { type ReactNode, useEffect, useState } from 'react'
import type { RuleRow } from '#contract/telemetry'
import type { Scope } from '#contract/values'
import { call } from '../../connection/call.ts'
import { Button } from '../../parts/Button.tsx'
import { Checkbox } from '../../parts/Checkbox.tsx'
import { classes } from '../../parts/classes.ts'
import { count, decimal } from '../../parts/format.ts'
import { TextField } from '../../parts/TextField.tsx'
import { announce } from '../../state/live.ts'
import { useCall } from '../../state/query.ts'
import { toast } from '../../state/toasts.ts'
import { workbench } from '../../state/workbench.ts'
import { CardState } from '../../parts/CardState.tsx'
import css from './Telemetry.module.css'

export function RulesCard({ sourceId, scope }: { sourceId: string; scope: Scope }): ReactNode {
  const answer = useCall('telemetry.rules', { sourceId, scope })
  const data = answer.data
  const changed = data?.rules.filter(({ standard, threshold }) => threshold !== standard).map(({ tag }) => tag) ?? []
  const off = data?.rules.filter(({ on }) => !on).map(({ tag }) => tag) ?? []
  const set = async (params: { tag: RuleRow['tag']; threshold?: number; on?: boolean }): Promise<void> => {
    const reply = await call('telemetry.setRule', params)
    if (!reply.ok) return toast({ tone: 'failed', title: 'The rule could not be changed', detail: reply.error.message })
    announce(`${params.tag} changed`)
    answer.retry()
  }
  const reset = async (): Promise<void> => {
    const reply = await call('telemetry.resetRules', {})
    if (!reply.ok) return toast({ tone: 'failed', title: 'The rule could not be changed', detail: reply.error.message })
    announce('Rules reset')
    answer.retry()
  }
  const show = (filter: Record<string, unknown>): void => {
    workbench.getState().setRecords('tasks')
    workbench.getState().addChips([filter])
    workbench.getState().openView('table')
  }
  return (
    <section className={css['card']} aria-label="Critical-task rules">
      <header className={css['cardHead']}>
        Critical-task rules <span className={css['note']}>{data?.rules.length}</span>
        <span className="grow" />
        <Button tone="ghost" size="small" aria-label="Reset all rules to Flowcept’s" disabled={changed.length === 0 && off.length === 0} onClick={() => void reset()}>
          Reset
        </Button>
      </header>
      <CardState answer={answer}>
        {data && (
          <>
            <ul className={css['scroll']}>
              {data.rules.map((rule) => (
                <Rule key={rule.tag} rule={rule} onSet={set} onShow={show} />
              ))}
            </ul>
            <p className={css['foot']}>
              {data.filter ? (
                <button type="button" className={css['countLink']} disabled={data.marked === 0} onClick={() => data.filter && show(data.filter)}>
                  {count(data.marked)}
                </button>
              ) : (
                <b>0</b>
              )}{' '}
              of {count(data.tasks)} tasks marked{off.length > 0 && ` by ${6 - off.length} of 6 rules`}.{' '}
              {changed.length > 0 ? (
                <>
                  <span className="waitc">{changed.join(', ')} changed by you</span>
                  {changed.length < data.rules.length && '; the others are Flowcept’s'}.
                </>
              ) : (
                'All thresholds are Flowcept’s.'
              )}{' '}
              A missing value marks nothing. Your own tags are kept beside these.
            </p>
          </>
        )}
      </CardState>
    </section>
  )
}

/** A threshold is written in the unit in which Flowcept's has few digits. */
function unitOf({ below, standard, unit }: RuleRow): { name: string; divisor: number } {
  if (unit === 'bytes') return standard >= 1e9 ? { name: 'GB', divisor: 1e9 } : { name: 'MB', divisor: 1e6 }
  return { name: unit ?? (below ? '<' : '>'), divisor: 1 }
}

function Rule({ rule, onSet, onShow }: { rule: RuleRow; onSet: (params: { tag: RuleRow['tag']; threshold?: number; on?: boolean }) => Promise<void>; onShow: (filter: Record<string, unknown>) => void }): ReactNode {
  const unit = unitOf(rule)
  const written = decimal(rule.threshold / unit.divisor, 9).replaceAll(',', '').replace('−', '-')
  const [text, setText] = useState(written)
  useEffect(() => setText(written), [written])
  const value = Number(text.replace('−', '-'))
  const isWrong = text.trim() === '' || !Number.isFinite(value)
  const commit = (): void => {
    if (isWrong) setText(written)
    else if (value * unit.divisor !== rule.threshold) void onSet({ tag: rule.tag, threshold: value * unit.divisor })
  }
  const isChanged = rule.threshold !== rule.standard
  return (
    <li className={classes(css['rule'], !rule.on && css['ruleOff'])}>
      <Checkbox name={`Rule ${rule.tag}`} checked={rule.on} onChange={(on) => void onSet({ tag: rule.tag, on })} />
      <span className="ell">
        <span className={classes('med ell', css['line1'])}>{rule.tag}</span>
        <span className={classes('mono f11 t3 ell', css['line2'])} title={`${rule.expression} ${rule.below ? '<' : '>'} ${written} ${unit.name === '<' || unit.name === '>' ? '' : unit.name}${isChanged ? `; Flowcept’s: ${decimal(rule.standard / unit.divisor, 9)}` : ''}`}>
          {rule.expression}
        </span>
      </span>
      <TextField
        small
        name={`Threshold of ${rule.tag}${unit.divisor > 1 || rule.unit ? ` in ${unit.name}` : ''}`}
        className={classes(css['threshold'], isChanged && css['changed'])}
        inputMode="decimal"
        value={text}
        error={null}
        aria-invalid={isWrong}
        onChange={setText}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit()
          if (event.key === 'Escape') setText(written)
        }}
        after={<span className="f11 t3">{unit.name}</span>}
      />
      <span className={css['ruleCount']}>
        {rule.marked > 0 ? (
          <button type="button" className={css['countLink']} aria-label={`Show ${count(rule.marked)} tasks marked ${rule.tag} in Table`} onClick={() => onShow(rule.filter)}>
            {count(rule.marked)}
          </button>
        ) : (
          <span className="med">0</span>
        )}
        <span className="f11 t3">of {count(rule.judged)}</span>
      </span>
    </li>
  )
}
