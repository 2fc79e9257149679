/** The Agents view: who asked whom, what was said, and what it cost. */
import { Bot, CircleX } from 'lucide-react'
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import type { AgentCall, Lifeline } from '#contract/agents'
import type { Result } from '#contract/methods'
import type { Source } from '#contract/sources'
import type { Scope } from '#contract/values'
import { call as ask } from '../../connection/call.ts'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { count } from '../../parts/format.ts'
import { useCommands } from '../../state/commands.ts'
import { announce } from '../../state/live.ts'
import { useCall } from '../../state/query.ts'
import { useSource } from '../../state/sources.ts'
import { toast } from '../../state/toasts.ts'
import { useTaskScope } from '../../state/useScope.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import css from './Agents.module.css'
import { AgentsHead } from './AgentsHead.tsx'
import { AgentTokens } from './AgentTokens.tsx'
import { setFolded, useCallsAs, useFolded, useWithout } from './agentsState.ts'
import { CallTokens } from './CallTokens.tsx'
import { Conversation } from './Conversation.tsx'
import { lifelineName } from './lifelineColumns.ts'
import { NoCalls } from './NoCalls.tsx'
import { WhoAsked } from './WhoAsked.tsx'

export function Agents(): ReactNode {
  const source = useSource()
  const scope = useTaskScope()
  const summary = useCall('agents.summary', source ? { sourceId: source.sourceId, scope } : null)
  if (!source) return null
  if (summary.error && summary.data === null) {
    return (
      <EmptyState icon={CircleX} tone="error" title="The calls of agents could not be read" actions={<Button onClick={summary.retry}>Try again</Button>}>
        {summary.error.message} The other views still work.
      </EmptyState>
    )
  }
  if (summary.data === null) return <EmptyState icon={Bot} title="Looking for agents and model calls">All tasks are looked at once.</EmptyState>
  if (summary.data.calls === 0) return <NoCalls reading={source.state === 'reading'} narrowed={Object.keys(scope.filter).length > 0 || scope.search !== ''} />
  return <Calls key={source.sourceId} source={source} scope={scope} summary={summary.data} />
}

function Calls({ source: { sourceId, name }, scope, summary }: { source: Source; scope: Scope; summary: Result<'agents.summary'> }): ReactNode {
  const [as] = useCallsAs()
  const without = useWithout(sourceId)
  const folded = useFolded(sourceId)
  const which = useMemo(() => ({ sourceId, scope, without }), [sourceId, scope, without])
  const { chosen, choose } = useChosen(which)
  const names = useMemo(() => new Map(summary.lifelines.map((line) => [line.key, lifelineName(line)])), [summary.lifelines])
  const nameOf = useCallback((key: string | null): string => (key === null ? 'somebody unrecorded' : (names.get(key) ?? key.replace(/^\w+:/, ''))), [names])
  const goToFailed = async (direction: 'next' | 'previous'): Promise<void> => {
    const { at } = chosen
    const look = (from: number) => ask('agents.find', { sourceId, scope, without: [...without], from, direction })
    const first = await look(at ?? (direction === 'next' ? -1 : summary.calls))
    if (!first.ok) return toast({ tone: 'failed', title: 'The calls could not be searched', detail: first.error.message })
    // From the last one round to the first.
    const found = first.value.at === null ? await look(direction === 'next' ? -1 : summary.calls) : first
    if (found.ok && found.value.taskId !== null && found.value.at !== null) choose(found.value.taskId, found.value.at)
    else announce('No call failed among those shown.')
  }
  useCommands(
    () => [
      { id: 'agents.next-failed', title: 'Next failed call', group: 'Views', keys: 'E', unavailable: summary.failed === 0 ? 'No call failed' : undefined, run: () => void goToFailed('next') },
      { id: 'agents.previous-failed', title: 'Previous failed call', group: 'Views', keys: 'Shift+E', unavailable: summary.failed === 0 ? 'No call failed' : undefined, run: () => void goToFailed('previous') }
    ],
    [which, chosen.at, summary.failed, summary.calls]
  )
  const onChoose = useCallback((call: AgentCall, at: number) => choose(call.taskId, at), [choose])
  const inScope = useMemo(() => new Set(isNarrowed(scope) ? summary.lifelines.map(({ key }) => key) : []), [scope, summary.lifelines])
  const shown = useCall('agents.calls', { sourceId, scope, without: [...without], limit: 60, offset: 0 }).data?.total
  return (
    <div className={css['view']} role="group" aria-label="Agents and model calls">
      <AgentsHead sourceId={sourceId} scope={scope} sourceName={name} summary={summary} onFailed={() => void goToFailed('next')} />
      <div className={css['columns']}>
        <section className={css['card']} aria-label="Who asked whom">
          <header className={css['cardHead']}>
            <h2 className="grow ell">
              Who asked whom <span className={css['count']}>{shown === undefined ? '' : shown === summary.calls ? `${count(shown)} calls in order, all shown` : `${count(shown)} of ${count(summary.calls)} calls in order`}</span>
            </h2>
            {as === 'sequence' && <Key />}
          </header>
          <WhoAsked key={as} which={which} as={as} lifelines={summary.lifelines} folded={folded} onFold={(kind: Lifeline['kind'], on) => setFolded(sourceId, { [kind]: on })} chosen={chosen} onChoose={onChoose} onOpen={() => workbench.getState().setInspectorOpen(true)} />
        </section>
        <Conversation which={which} chosen={chosen} nameOf={nameOf} onChoose={onChoose} onError={(direction) => void goToFailed(direction)} failed={summary.failed} />
        <CallTokens which={which} summary={summary} chosenId={chosen.taskId} onChoose={(taskId) => choose(taskId, null)} />
        <AgentTokens sourceId={sourceId} inScope={inScope} />
      </div>
    </div>
  )
}

const isNarrowed = (scope: Scope): boolean => Object.keys(scope.filter).length > 0 || scope.search !== ''

/** The chosen task, wherever it was chosen, and its place among the calls shown. */
function useChosen({ sourceId, scope, without }: { sourceId: string; scope: Scope; without: readonly string[] }) {
  const taskId = useWorkbench((s) => (s.records === 'tasks' ? (s.selection?.id ?? null) : null))
  const found = useCall('agents.find', taskId === null ? null : { sourceId, scope, without: [...without], taskId })
  // Chosen here, its place is known before the engine says so.
  const [here, setHere] = useState<{ taskId: string; at: number; key: string } | null>(null)
  const key = JSON.stringify([scope, without])
  const at = taskId === null ? null : found.current ? (found.data?.at ?? null) : here?.taskId === taskId && here.key === key ? here.at : null
  useEffect(() => setHere(null), [key])
  const choose = useCallback(
    (id: string, place: number | null) => {
      setHere(place === null ? null : { taskId: id, at: place, key })
      workbench.getState().selectTask(id)
    },
    [key]
  )
  return { chosen: { at, taskId }, choose }
}

function Key(): ReactNode {
  return (
    <span className={css['key']} aria-hidden="true">
      <svg width="18" height="8">
        <path d="M0 4H18" stroke="var(--text-2)" strokeWidth="1.3" />
      </svg>
      agent_id
      <svg width="18" height="8">
        <path d="M0 4H18" stroke="var(--text-2)" strokeWidth="1.3" strokeDasharray="4 3" />
      </svg>
      parent_task_id
      <span className={css['wideOnly']}>tokens in → out</span>
    </span>
  )
}
