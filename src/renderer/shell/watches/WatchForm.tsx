/** A watch, written as a sentence, with what it would say now. */
import { Bell } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { FilterSyntaxError, parseFilterText } from '#contract/filter'
import { Refusal } from '#contract/reply'
import type { DraftWatch } from '#contract/watches'
import { Button } from '../../parts/Button.tsx'
import { Checkbox } from '../../parts/Checkbox.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { counted } from '../../parts/format.ts'
import { SelectField } from '../../parts/SelectField.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { useCall } from '../../state/query.ts'
import { useEngine, useSource } from '../../state/sources.ts'
import { askToNotify, notifyHindrance, saveWatch } from '../../state/watches.ts'
import { WatchConditionFields } from './WatchConditionFields.tsx'
import styles from './Watches.module.css'

type Read = { filter: Record<string, unknown> } | { mistake: string }

export function WatchForm({ watchId, initial, onClose, onDone }: { watchId: string | null; initial: DraftWatch; onClose: () => void; onDone: () => void }) {
  const [watch, setWatch] = useState(initial)
  const [matchText, setMatchText] = useState(() => textOf(initial.match.filter))
  const [withinText, setWithinText] = useState(() => textOf(initial.within.filter))
  const [refused, setRefused] = useState<string | null>(null)
  const match = readFilter(matchText)
  const within = readFilter(withinText)
  const change = (part: Partial<DraftWatch>): void => setWatch((before) => ({ ...before, ...part }))
  const isWhole = 'filter' in match && 'filter' in within && watch.name.trim() !== '' && isComplete(watch.condition)
  const draft: DraftWatch | null = isWhole ? { ...watch, name: watch.name.trim(), match: { ...watch.match, filter: match.filter }, within: { ...watch.within, filter: within.filter } } : null
  const save = async (): Promise<void> => {
    if (!draft) return
    const mistake = await saveWatch(watchId, draft)
    setRefused(mistake)
    if (mistake === null) onDone()
  }
  const foot = (
    <>
      <span className={refused === null ? 'grow' : 'errc grow'} role={refused === null ? undefined : 'alert'}>
        {refused ?? 'Watches are kept, and judged whenever their source changes.'}
      </span>
      <Button onClick={onDone}>Cancel</Button>
      <Button tone="primary" disabled={draft === null} onClick={() => void save()}>
        {watchId === null ? 'Watch' : 'Change the watch'}
      </Button>
    </>
  )
  return (
    <Dialog open onClose={onClose} icon={Bell} title={watchId === null ? 'New watch' : `Change ${initial.name}`} className={styles['dialog']} foot={foot}>
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <Row label="Name">
          <TextField name="Name" value={watch.name} onChange={(name) => change({ name })} placeholder="Any error" data-autofocus />
        </Row>
        <Row label="Of">
          <SourceField value={watch.source} onChange={(source) => change({ source })} />
        </Row>
        <Row label="Tasks that match">
          <TextField mono name="Filter of tasks that match" value={matchText} onChange={setMatchText} placeholder="{} is every task" error={'mistake' in match ? match.mistake : null} />
          {watch.match.search !== '' && <TextField name="Text they hold" value={watch.match.search} onChange={(search) => change({ match: { ...watch.match, search } })} />}
        </Row>
        <Row label="Fires when">
          <WatchConditionFields condition={watch.condition} onChange={(condition) => change({ condition })} />
        </Row>
        {(watch.condition.kind === 'share' || withinText !== '{}') && (
          <Row label="Of all tasks with">
            <TextField mono name="Filter of the tasks that count at all" value={withinText} onChange={setWithinText} placeholder="{} is every task" error={'mistake' in within ? within.mistake : null} />
          </Row>
        )}
        <Row label="Tell">
          <Notify on={watch.notify} onChange={(notify) => change({ notify })} />
        </Row>
        <Preview draft={draft} />
        <button type="submit" hidden />
      </form>
    </Dialog>
  )
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={styles['row']}>
      <span className="t2">{label}</span>
      <div className={styles['fields']}>{children}</div>
    </div>
  )
}

function SourceField({ value, onChange }: { value: string | null; onChange: (path: string | null) => void }) {
  const sources = useEngine((s) => s.sources)
  const paths = [...new Set([...sources.map(({ path }) => path), ...(value === null ? [] : [value])])]
  return <SelectField name="Source" value={value ?? ''} options={[{ value: '', label: 'Every source' }, ...paths.map((path) => ({ value: path, label: sources.find((source) => source.path === path)?.name ?? path }))]} onChange={(path) => onChange(path === '' ? null : path)} />
}

function Notify({ on, onChange }: { on: boolean; onChange: (on: boolean) => void }) {
  const [, setAsked] = useState(0)
  const hindrance = notifyHindrance()
  return (
    <>
      <Checkbox checked={on} disabled={hindrance !== null && !hindrance.ask && !on} onChange={(next) => (next && hindrance?.ask ? void askToNotify().then((may) => (setAsked((n) => n + 1), onChange(may))) : onChange(next))}>
        Notify the desktop too
      </Checkbox>
      {hindrance && <span className="t3 f11">{hindrance.why}</span>}
    </>
  )
}

function Preview({ draft }: { draft: DraftWatch | null }) {
  const shown = useSource()
  const path = draft?.source ?? null
  const named = useEngine((s) => s.sources.find((source) => source.path === path))
  const source = path === null ? shown : (named ?? null)
  const answer = useCall('watches.preview', draft && source ? { sourceId: source.sourceId, watch: draft } : null)
  const words = (): ReactNode => {
    if (draft === null) return 'Something is missing or wrong above.'
    if (source === null) return 'Its source is not open: what it would say is not known.'
    if (answer.error && !answer.loading) return <span className="errc">{answer.error.message}</span>
    if (!answer.data) return 'Counting'
    const { state, why, matching, tasks } = answer.data
    return (
      <>
        <b>{state === 'firing' ? 'Would fire now' : state === 'ok' ? 'Would not fire now' : 'Does not apply here'}</b>: {matching.toLocaleString('en-US')} of {counted(tasks, 'task')} of {source.name} {matching === 1 ? 'matches' : 'match'} now. {why}
      </>
    )
  }
  return (
    <p className={styles['preview']} role="status">
      {words()}
    </p>
  )
}

const textOf = (filter: Record<string, unknown>): string => JSON.stringify(filter)

function isComplete(condition: DraftWatch['condition']): boolean {
  if (condition.kind === 'metric') return condition.column.trim() !== '' && Number.isFinite(condition.value)
  if (condition.kind === 'count') return Number.isInteger(condition.tasks) && condition.tasks >= 0
  if (condition.kind === 'share') return condition.above >= 0 && condition.above <= 1
  return condition.kind === 'any' || (condition.seconds >= 1 && condition.seconds <= 31_536_000)
}

function readFilter(text: string): Read {
  try {
    return { filter: parseFilterText(text).filter }
  } catch (error) {
    if (error instanceof FilterSyntaxError || error instanceof Refusal) return { mistake: error.message }
    throw error
  }
}
