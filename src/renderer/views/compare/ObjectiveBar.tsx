/** What is sought, as a sentence: minimise a column where conditions hold; and the best, in the brush and of all. */
import { Plus, Target, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { Condition, SweepColumn } from '#contract/compare'
import { Icon } from '../../parts/Icon.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import { Popover } from '../../parts/Popover.tsx'
import { SelectField } from '../../parts/SelectField.tsx'
import { count } from '../../parts/format.ts'
import { workbench } from '../../state/workbench.ts'
import { ConditionForm } from './ConditionForm.tsx'
import css from './Sweep.module.css'
import { PickField } from './PickField.tsx'
import { columnOptions, conditionText, hasFailed, isNumeric, reader, scaleOf, sweepText, type SweepRun } from './sweepModel.ts'
import { chooseRun, nounOf, type Sweep } from './useSweep.ts'

export function ObjectiveBar({ sweep }: { sweep: Sweep }): ReactNode {
  const { objective, where, column } = sweep
  const { setCompare } = workbench.getState()
  const numeric = [...sweep.groups.varying, ...sweep.groups.constant].filter(isNumeric)
  const [adding, setAdding] = useState(false)
  if (!objective) return <section className={css['objective']} aria-label="Objective">No column of these {nounOf[sweep.row].many} holds numbers: there is no best among them.</section>
  return (
    <section className={css['objective']} aria-label="Objective">
      <Icon of={Target} size={14} className="acc" />
      <span className="med">Objective</span>
      <SelectField
        name="Goal"
        value={objective.goal}
        options={[
          { value: 'min', label: 'Minimise' },
          { value: 'max', label: 'Maximise' }
        ]}
        onChange={(goal) => setCompare({ objective: { ...objective, goal }, sort: null })}
      />
      <PickField name="Column of the objective" value={objective.column} options={columnOptions(numeric)} onChange={(name) => setCompare({ objective: { ...objective, column: name }, sort: null })} className={css['strongPick']} />
      <span className="t2">where</span>
      {where.map((condition, index) => (
        <WhereChip key={`${condition.column} ${condition.op} ${condition.value}`} condition={condition} columns={numeric} about={column(condition.column)} onChange={(next) => setCompare({ where: where.flatMap((other, at) => (at === index ? (next ?? []) : other)) })} />
      ))}
      {where.length === 0 && <span className="t3">anything</span>}
      <Popover name="Add a condition" open={adding} onOpenChange={setAdding} trigger={<IconButton small name="Add a condition" icon={Plus} />} className={css['formLayer']}>
        <ConditionForm
          columns={numeric}
          initial={null}
          onDone={(condition) => {
            setAdding(false)
            setCompare({ where: [...where, condition] })
          }}
        />
      </Popover>
      <span className={css['objectiveRule']} />
      <Bests sweep={sweep} />
    </section>
  )
}

function WhereChip({ condition, columns, about, onChange }: { condition: Condition; columns: readonly SweepColumn[]; about: SweepColumn | undefined; onChange: (next: Condition | null) => void }): ReactNode {
  const [open, setOpen] = useState(false)
  const words = `${condition.column} ${conditionText(condition, scaleOf(about))}`
  return (
    <span className={css['where']} role="group" aria-label={words}>
      <Popover
        name={`Condition ${words}`}
        open={open}
        onOpenChange={setOpen}
        className={css['formLayer']}
        trigger={
          <button type="button" className={css['whereText']} title="Change this condition">
            {condition.column} <b className="med">{conditionText(condition, scaleOf(about))}</b>
          </button>
        }
      >
        <ConditionForm
          columns={columns}
          initial={condition}
          onDone={(next) => {
            setOpen(false)
            onChange(next)
          }}
        />
      </Popover>
      <button type="button" className={css['whereRemove']} aria-label={`Remove ${words}`} onClick={() => onChange(null)}>
        <Icon of={X} size={12} />
      </button>
    </span>
  )
}

function Bests({ sweep }: { sweep: Sweep }): ReactNode {
  const { best, bestOfAll, brush, metCount, allMet, isExact, where, objective, data, runs } = sweep
  const { many } = nounOf[sweep.row]
  const brushed = brush.length > 0
  const candidates = brushed ? metCount : allMet
  const meeting = where.length > 0 ? (brushed ? ' that meet it in the brush' : ' that meet it') : brushed ? ' in the brush' : ` ${many}`
  const partly = !isExact ? `, among the first ${count(data.rows.length)}` : ''
  if (candidates === 0 || !best) {
    return (
      <span className={css['bests']}>
        {candidates === 0 ? `None of ${count(runs)} ${many} ${where.length > 0 ? 'meets it' : 'is left'}${brushed ? ' in the brush' : ''}` : sweep.met.every(hasFailed) ? `All ${count(candidates)} ${many} failed in part: none is the best` : `None of ${count(candidates)} ${many} that did not fail has ${objective?.column}`}
      </span>
    )
  }
  return (
    <span className={css['bests']}>
      <span>
        Best of {count(candidates)}
        {meeting}
        {partly}: <Named sweep={sweep} run={best} />
      </span>
      {brushed && bestOfAll && (
        <span className="t3">
          Of all {count(allMet)}
          {where.length > 0 && ' that meet it'}: <Named sweep={sweep} run={bestOfAll} />
        </span>
      )}
    </span>
  )
}

function Named({ sweep, run }: { sweep: Sweep; run: SweepRun }): ReactNode {
  const { objective, column, data, row } = sweep
  if (!objective) return null
  const scale = scaleOf(column(objective.column))
  return (
    <button type="button" className={css['named']} title={`${run.label}\n${run.id}`} onClick={() => chooseRun(row, run.id)}>
      <b className="med mono">{run.id.slice(0, row === 'campaign' ? 24 : row === 'task' ? 17 : 8)}</b>{' '}
      <b className="med">
        {sweepText(reader(data, objective.column)(run), scale)} {scale.unit}
      </b>
    </button>
  )
}
