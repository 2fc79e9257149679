/** What is told of a live source, beyond what any source has. */
import type { Gap, LiveState } from '#contract/live'
import type { RecordingState, StoreProgress } from '#engine/inserter/recordingState'
import type { IntakeState, QueueAddress } from '#engine/sources/queue/intakeState'

export type LiveFacts = {
  readonly address: QueueAddress
  readonly role: LiveState['role']
  readonly asInserter: boolean
  readonly attachedAt: number
  readonly intake: IntakeState
  readonly recording: RecordingState | null
  /** Messages taken from the log: that arrived since it was attached, that lay there before, that were filled in. */
  readonly taken: { readonly arrived: number; readonly earlier: number; readonly filled: number }
  readonly shown: number
  readonly pausedAt: number | null
  readonly lagSeconds: number | null
  readonly isDetached: boolean
  /** Of those that arrived since it was attached: there was no room for them. */
  readonly notKept: number
  readonly gaps: readonly Omit<Gap, 'openTasks'>[]
  readonly openTasks: ReadonlyMap<string, number>
}

const mostGaps = 50
const rateSeconds = 5

export function describeLive(facts: LiveFacts): LiveState {
  const { address, gaps, intake, isDetached, openTasks, taken } = facts
  const waiting = Math.max(0, intake.received - taken.arrived - facts.notKept)
  const stores = facts.recording?.stores.map(storeOf) ?? []
  // A file of frames stays until the next one is begun; with nothing left to be done in it, nobody is behind.
  const isBehind = waiting > 0 || stores.some((store) => store.waiting > 0)
  const link = isDetached && intake.link.name !== 'detached' ? { ...intake.link, name: 'detached' as const, attempt: 0, retryAt: null } : intake.link
  return {
    broker: address.broker,
    url: address.url,
    channel: address.channel,
    link: { ...link },
    role: facts.role,
    asInserter: facts.asInserter,
    attachedAt: facts.attachedAt,
    received: intake.received + taken.earlier,
    receivedBytes: intake.receivedBytes,
    shown: facts.shown,
    waiting,
    pausedAt: facts.pausedAt,
    perSecond: isDetached ? 0 : intake.rates.slice(-rateSeconds).reduce((sum, rate) => sum + rate, 0) / rateSeconds,
    rates: [...intake.rates],
    lagSeconds: facts.lagSeconds,
    spillBytes: isBehind ? intake.spillBytes : 0,
    spillLimitBytes: intake.spillLimitBytes,
    gapCount: gaps.length,
    gaps: gaps.slice(-mostGaps).map((gap) => ({ ...gap, openTasks: openTasks.get(gap.gapId) ?? null })),
    stores,
    sent: [...intake.sent]
  }
}

/** Before the intake has begun. */
export function nothingReceived(since: number, spillLimitBytes: number): IntakeState {
  const link = { name: 'connecting', reason: null, since, attempt: 0, retryAt: null } as const
  return { link, received: 0, receivedBytes: 0, lastAt: null, rates: Array.from({ length: 60 }, () => 0), spillBytes: 0, spillLimitBytes, sent: [] }
}

function storeOf({ messages, name, oldestWaitingAt, problems, state, type, waiting, written }: StoreProgress): LiveState['stores'][number] {
  const away = state.name === 'retrying' || state.name === 'lost' ? state : null
  return {
    type,
    name,
    state: { name: state.name, reason: away?.reason ?? null, since: away ? away.sinceMs / 1000 : 0, attempt: away?.attempt ?? 0, retryAt: null },
    written,
    messages,
    waiting,
    oldestWaitingAt,
    problems
  }
}
