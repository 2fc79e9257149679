/** Sums and quantiles over calls. Estimated tokens never mix with counted ones. */
import type { Tokens } from '#contract/agents'
import type { CallIndex } from './callIndex.ts'

export class Figures {
  calls = 0
  failed = 0
  readonly kinds = [0, 0, 0, 0]
  readonly tokens: Tokens = { in: 0, out: 0, estimatedIn: 0, estimatedOut: 0 }
  readonly latencies: number[] = []

  constructor(private readonly index: CallIndex) {}

  add(at: number, { latency = true }: { latency?: boolean } = {}): void {
    const { index, tokens } = this
    this.calls++
    this.failed += index.failed[at] as number
    this.kinds[index.kind[at] as number] = (this.kinds[index.kind[at] as number] ?? 0) + 1
    const [tokensIn, tokensOut] = [index.tokensIn[at] as number, index.tokensOut[at] as number]
    if (!Number.isNaN(tokensIn)) tokens[index.inEstimated[at] === 1 ? 'estimatedIn' : 'in'] += tokensIn
    if (!Number.isNaN(tokensOut)) tokens[index.outEstimated[at] === 1 ? 'estimatedOut' : 'out'] += tokensOut
    const seconds = secondsOf(index, at)
    if (latency && seconds !== null) this.latencies.push(seconds)
  }

  quantiles(): { p50: number | null; p95: number | null } {
    const sorted = Float64Array.from(this.latencies).sort()
    return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) }
  }
}

export function secondsOf({ start, end }: CallIndex, at: number): number | null {
  const seconds = (end[at] as number) - (start[at] as number)
  return seconds >= 0 ? seconds : null
}

/** Between the two nearest, as DuckDB's quantile_cont. */
function quantile(sorted: Float64Array, share: number): number | null {
  if (sorted.length === 0) return null
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)] as number
  const above = sorted[Math.ceil(place)] as number
  return below + (above - below) * (place - Math.floor(place))
}
