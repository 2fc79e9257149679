/** In a view's place when the scope leaves nothing: the condition that excludes most, what is left without it, and how to be rid of it. */
import { EyeOff, SearchX, X } from 'lucide-react'
import { useMemo } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type { Scope } from '#contract/values'
import { Button } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { count } from '../parts/format.ts'
import { phraseOf } from '../state/filterWords.ts'
import { useCall } from '../state/query.ts'
import { type ScopeState, scopeOf } from '../state/scope.ts'
import { singular } from '../state/useMatching.ts'
import { useWorkbench, workbench } from '../state/workbench.ts'

type Part = { phrase: string; without: ScopeState; canTurnOff: boolean; drop: () => void }

export function NoMatch({ total }: { total: number }) {
  const sourceId = useWorkbench((s) => s.sourceId)
  const records = useWorkbench((s) => s.records)
  const [node, chips, search, range] = useWorkbench(useShallow((s) => [s.node, s.chips, s.search, s.range] as const))
  const parts = useMemo(() => partsOf({ node, chips, search, range }), [node, chips, search, range])
  const scopes = useMemo((): Scope[] => parts.map(({ without }) => scopeOf(without, records)).slice(0, 50), [parts, records])
  const { data, current } = useCall('filter.counts', sourceId === null || scopes.length === 0 ? null : { sourceId, records, scopes })
  const left = current ? (data?.counts ?? []) : []
  const most = Math.max(0, ...left)
  const worst = most > 0 ? parts[left.indexOf(most)] : undefined
  const one = singular(records)
  return (
    <EmptyState
      icon={SearchX}
      title={`No ${one} matches ${parts.length === 1 ? parts[0]?.phrase : allOf(parts.length)}`}
      actions={
        <>
          {worst && parts.length > 1 && (
            <Button tone="primary" icon={worst.canTurnOff ? EyeOff : X} onClick={worst.drop}>
              {worst.canTurnOff ? 'Turn it off' : 'Take it away'}
            </Button>
          )}
          <Button tone={worst && parts.length > 1 ? 'plain' : 'primary'} onClick={() => workbench.getState().clearScope()}>
            {parts.length === 1 ? 'Clear the filter' : `Clear all ${parts.length}`}
          </Button>
        </>
      }
    >
      {worst && parts.length > 1 ? (
        <>
          <span className="mono">{worst.phrase}</span> excludes the most: without it, {count(most)} of {count(total)} {records} match.
        </>
      ) : parts.length > 1 && current ? (
        `Without any one of them there is still none; the source has ${count(total)} ${records}.`
      ) : (
        `The source has ${count(total)} ${records}.`
      )}
    </EmptyState>
  )
}

/** Each condition in force, and the scope without it. */
function partsOf(state: ScopeState): Part[] {
  const { setNode, toggleChip, setSearch, setRange } = workbench.getState()
  const { node, chips, search, range } = state
  return [
    ...(node ? [{ phrase: `${node.kind} ${node.name}`, without: { ...state, node: null }, canTurnOff: false, drop: () => setNode(null) }] : []),
    ...chips
      .filter((chip) => chip.on)
      .map((chip) => ({ phrase: phraseOf(chip.filter), without: { ...state, chips: chips.filter((other) => other !== chip) }, canTurnOff: true, drop: () => toggleChip(chip.key) })),
    ...(search === '' ? [] : [{ phrase: `text “${search}”`, without: { ...state, search: '' }, canTurnOff: false, drop: () => setSearch('') }]),
    ...(range ? [{ phrase: 'the time range', without: { ...state, range: null }, canTurnOff: false, drop: () => setRange(null) }] : [])
  ]
}

const numberWords = ['', '', 'both', 'all three', 'all four', 'all five', 'all six']
const allOf = (n: number): string => numberWords[n] ?? `all ${n} conditions`
