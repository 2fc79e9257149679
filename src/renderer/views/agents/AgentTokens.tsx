/** Tokens over all tasks of the source, by agent; the agents of the present scope are marked. */
import { type ReactNode, useState } from 'react'
import type { Result } from '#contract/methods'
import { Button } from '../../parts/Button.tsx'
import { classes } from '../../parts/classes.ts'
import { count, counted, decimal } from '../../parts/format.ts'
import { Menu } from '../../parts/Menu.tsx'
import { useCall } from '../../state/query.ts'
import { workbench } from '../../state/workbench.ts'
import css from './Agents.module.css'
import { CallsState } from './CallsState.tsx'

const pageParties = 100
const words = { agent: 'By agent', model: 'By model', tool: 'Tools' } as const
type Of = keyof typeof words

export function AgentTokens({ sourceId, inScope }: { sourceId: string; inScope: ReadonlySet<string> }): ReactNode {
  const [of, setOf] = useState<Of>('agent')
  const [limit, setLimit] = useState(pageParties)
  const answer = useCall('agents.parties', { sourceId, of, limit })
  const { data } = answer
  const all = data ? data.tokens.in + data.tokens.out : 0
  const most = Math.max(1, ...(data?.parties ?? []).map(({ tokens }) => tokens.in + tokens.out + tokens.estimatedIn + tokens.estimatedOut))
  const narrow = ({ id }: Party): void => workbench.getState().addChips([of === 'agent' ? { agent_id: id } : of === 'tool' ? { activity_id: id } : { 'custom_metadata.llm_usage.model': id }], { replace: of === 'agent' ? 'agent_id' : of === 'tool' ? 'activity_id' : 'custom_metadata.llm_usage.model' })
  return (
    <section className={css['card']} aria-label="Tokens over all tasks">
      <header className={css['cardHead']}>
        <h2 className="grow ell">
          {of === 'tool' ? 'Tools over all tasks' : 'Tokens over all tasks'} <span className={css['count']}>{data && (of === 'tool' ? counted(data.total, 'tool') : `all ${counted(data.modelCalls, 'model call')} of the source`)}</span>
        </h2>
        {of !== 'tool' && data && (
          <span className="f12 nw">
            <b className="med">{count(all)}</b> <span className="t3">tokens</span>
          </span>
        )}
        <Menu name="What is counted" trigger={<Button size="small">{words[of]}</Button>} items={(Object.keys(words) as Of[]).map((kind) => ({ label: words[kind], checked: kind === of, run: () => setOf(kind) }))} />
      </header>
      <CallsState answer={answer}>
        {data && (
          <div className={css['parties']} tabIndex={0} role="group" aria-label="Tokens over all tasks, by row">
            <table>
              <thead>
                <tr>
                  <th scope="col">{of}</th>
                  <th scope="col" className="num">
                    calls
                  </th>
                  <th scope="col">{of === 'tool' ? 'failed of calls' : 'in + out'}</th>
                  {of === 'tool' ? (
                    <th scope="col" className="num">
                      failed
                    </th>
                  ) : (
                    <>
                      <th scope="col" className="num">
                        in
                      </th>
                      <th scope="col" className="num">
                        out
                      </th>
                    </>
                  )}
                  <th scope="col" className="num">
                    p50 s
                  </th>
                  <th scope="col" className="num">
                    p95 s
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.parties.map((party) => (
                  <tr key={party.key} className={classes(inScope.has(party.key) && inScope.size > 0 && css['inScope'])}>
                    <th scope="row">
                      <button type="button" className={classes('ell', party.id === null && 'null')} title={`Only tasks of ${party.name ?? party.id ?? 'none'}`} onClick={() => narrow(party)}>
                        {party.name ?? party.id ?? 'null'}
                      </button>
                    </th>
                    <td className="num">{count(of === 'agent' ? party.modelCalls : party.calls)}</td>
                    {of === 'tool' ? (
                      <>
                        <td>
                          <Bars parts={[['err', party.failed / Math.max(1, party.calls)]]} />
                        </td>
                        <td className={classes('num', party.failed > 0 && 'errc')}>{count(party.failed)}</td>
                      </>
                    ) : (
                      <>
                        <td>
                          <Bars parts={[['in', party.tokens.in / most], ['out', party.tokens.out / most], ['estimated', (party.tokens.estimatedIn + party.tokens.estimatedOut) / most]]} />
                        </td>
                        <td className="num nw">{withEstimate(party.tokens.in, party.tokens.estimatedIn)}</td>
                        <td className="num nw">{withEstimate(party.tokens.out, party.tokens.estimatedOut)}</td>
                      </>
                    )}
                    <td className="num nw">{latency(party.p50)}</td>
                    <td className="num nw">{latency(party.p95)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            {data.total > data.parties.length && (
              <Button tone="link" size="small" onClick={() => setLimit(limit + 900)} disabled={limit >= 1000}>
                {count(data.total - data.parties.length)} more
              </Button>
            )}
          </div>
        )}
      </CallsState>
    </section>
  )
}

type Party = Result<'agents.parties'>['parties'][number]

/** Counted and estimated side by side, never added. */
const withEstimate = (counted: number, estimated: number): string => (estimated === 0 ? count(counted) : counted === 0 ? `≈ ${count(estimated)}` : `${count(counted)} + ≈ ${count(estimated)}`)
const latency = (value: number | null): string => (value === null ? '' : value < 0.005 ? '< 0.01' : decimal(value, 2).replace(/^(\d+\.\d)$/, '$10'))

function Bars({ parts }: { parts: [string, number][] }): ReactNode {
  return (
    <span className={css['partyBars']} aria-hidden="true">
      {parts.map(([part, share]) => (share > 0 ? <i key={part} data-part={part} style={{ width: `${share * 100}%` }} /> : null))}
    </span>
  )
}
