/** E and Shift+E: the next or previous task that failed, in order of time, from the chosen one. */
import { useRef } from 'react'
import type { Scope } from '#contract/values'
import { call } from '../../connection/call.ts'
import { useCommands } from '../../state/commands.ts'
import { toast } from '../../state/toasts.ts'
import { workbench } from '../../state/workbench.ts'

const byStart = [{ column: 'started_at', descending: false }]

export function useErrorJump(sourceId: string, scope: Scope): void {
  const turn = useRef(Promise.resolve())
  useCommands(() => {
    const view = { sourceId, records: 'tasks' as const, scope, sort: byStart }
    const jump = async (direction: 'next' | 'previous'): Promise<void> => {
      const { records, selection } = workbench.getState()
      const chosen = records === 'tasks' && selection ? await call('rows.find', { ...view, id: selection.id }) : null
      const at = chosen?.ok ? (chosen.value.index ?? -1) : -1
      const start = at < 0 && direction === 'previous' ? Number.MAX_SAFE_INTEGER : at
      const found = await call('rows.find', { ...view, match: { status: 'ERROR' }, from: start, direction })
      if (!found.ok) return void toast({ tone: 'failed', title: 'The errors could not be looked for', detail: found.error.message })
      if (found.value.id === null) toast({ tone: 'note', title: direction === 'next' ? 'No error after this task' : 'No error before this task' })
      else workbench.getState().selectTask(found.value.id)
    }
    // One press after the other: each begins where the one before led.
    const inTurn = (direction: 'next' | 'previous') => (): void => {
      turn.current = turn.current.then(() => jump(direction))
    }
    return [
      { id: 'timeline.nextError', group: 'Views', title: 'Timeline: go to the next error', keys: 'E', run: inTurn('next') },
      { id: 'timeline.previousError', group: 'Views', title: 'Timeline: go to the previous error', keys: 'Shift+E', run: inTurn('previous') }
    ]
  }, [sourceId, scope])
}
