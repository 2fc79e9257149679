/** Where there are no agents or model calls: what would be here, and how it is recorded. */
import { Bot } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { workbench } from '../../state/workbench.ts'
import css from './Agents.module.css'

export function NoCalls({ reading, narrowed }: { reading: boolean; narrowed: boolean }): ReactNode {
  if (narrowed) {
    return (
      <EmptyState icon={Bot} title="No agents or model calls in scope" actions={<Button onClick={() => workbench.getState().clearScope()}>Clear the filter</Button>}>
        None of the tasks that the filter leaves is of an agent.
      </EmptyState>
    )
  }
  return (
    <EmptyState icon={Bot} title={reading ? 'No agents or model calls so far' : 'No agents or model calls'}>
      {reading ? 'The source is still being read.' : 'Here would be who asked whom, with prompts, responses and tokens. Flowcept records it of'}
      {!reading && (
        <dl className={css['how']}>
          <dt className="mono">FlowceptLLM(model)</dt>
          <dd>model calls: prompt, response, usage</dd>
          <dt className="mono">@agent_flowcept_task</dt>
          <dd>tools: arguments, results, errors</dd>
          <dt className="mono">agent_id, source_agent_id</dt>
          <dd>whose a task is, and who asked for it</dd>
        </dl>
      )}
    </EmptyState>
  )
}
