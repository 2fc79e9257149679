/** At the end of the tab row: the drawing or the list, and which lifelines are shown. */
import { ListFilter } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Lifeline } from '#contract/agents'
import { Button } from '../../parts/Button.tsx'
import { Checkbox } from '../../parts/Checkbox.tsx'
import { count } from '../../parts/format.ts'
import { Popover } from '../../parts/Popover.tsx'
import { Segmented } from '../../parts/Segmented.tsx'
import { useCall } from '../../state/query.ts'
import { useSource } from '../../state/sources.ts'
import { useTaskScope } from '../../state/useScope.ts'
import { setWithout, useCallsAs, useWithout } from './agentsState.ts'
import { kindCounted, lifelineName } from './lifelineColumns.ts'
import css from './Agents.module.css'

const kinds = ['agent', 'model', 'tool', 'activity'] as const
const headings = { agent: 'Agents', model: 'Models', tool: 'Tools', activity: 'Other activities' } as const

export function AgentsTools(): ReactNode {
  const source = useSource()
  const scope = useTaskScope()
  const [as, setAs] = useCallsAs()
  const sourceId = source?.sourceId ?? ''
  const without = useWithout(sourceId)
  const summary = useCall('agents.summary', source ? { sourceId, scope } : null).data
  if (!summary || summary.calls === 0) return null
  const { lifelines } = summary
  const shownOf = (kind: Lifeline['kind']): number => lifelines.filter((line) => line.kind === kind && !without.includes(line.key)).length
  const words = (['agent', 'model'] as const).map((kind) => kindCounted(kind, shownOf(kind))).join(', ')
  const hidden = lifelines.filter(({ key }) => without.includes(key)).length
  const show = (keys: readonly string[], on: boolean): void => setWithout(sourceId, on ? without.filter((key) => !keys.includes(key)) : [...new Set([...without, ...keys])])
  return (
    <>
      <Segmented name="Show calls as" value={as} options={[{ value: 'sequence', label: 'Sequence' }, { value: 'list', label: 'List' }]} onChange={setAs} />
      <Popover
        name="Lifelines"
        align="end"
        className={css['lifelines']}
        trigger={
          <Button size="small" icon={ListFilter} aria-label={`Choose lifelines: ${words}`}>
            <span className={css['wideOnly']}>{hidden > 0 ? `${words}, ${count(hidden)} hidden` : words}</span>
          </Button>
        }
      >
        {kinds.map((kind) => {
          const lines = lifelines.filter((line) => line.kind === kind)
          if (lines.length === 0) return null
          const on = lines.filter(({ key }) => !without.includes(key)).length
          return (
            <div key={kind} role="group" aria-label={headings[kind]}>
              <Checkbox className={css['lifelineHead']} checked={on === lines.length ? true : on === 0 ? false : 'indeterminate'} onChange={(next) => show(lines.map(({ key }) => key), next)}>
                {headings[kind]} <span className="t3">{count(lines.length)}</span>
              </Checkbox>
              {lines.map((line) => (
                <Checkbox key={line.key} className={css['lifeline']} checked={!without.includes(line.key)} onChange={(next) => show([line.key], next)}>
                  <span className={`ell grow ${line.id === null ? 'null' : ''}`}>{lifelineName(line)}</span>
                  <span className="t3 f11">{count(line.asks + line.asked)}</span>
                </Checkbox>
              ))}
            </div>
          )
        })}
        {summary.lifelinesTotal > lifelines.length && <p className="t3 f11">{count(summary.lifelinesTotal - lifelines.length)} more, each with fewer calls than these</p>}
      </Popover>
    </>
  )
}
