/** From values to paths of one small chart. A line is not drawn over what nobody measured. */
export type Limits = { low: number; high: number }
export type Box = { widthPx: number; heightPx: number }
type Values = readonly (number | null)[]

export const yOf = (value: number, { high, low }: Limits, { heightPx }: Box): number => round(heightPx - 1 - ((Math.min(high, Math.max(low, value)) - low) / (high - low || 1)) * (heightPx - 3))
const xOf = (index: number, values: Values, { widthPx }: Box): number => round(((index + 0.5) / values.length) * widthPx)
const round = (value: number): number => Math.round(value * 10) / 10

/** Stretches of neighbouring values. */
function runs(values: Values): number[][] {
  const found: number[][] = []
  let run: number[] = []
  for (const [index, value] of values.entries()) {
    if (value !== null) run.push(index)
    else if (run.length > 0) {
      found.push(run)
      run = []
    }
  }
  return run.length > 0 ? [...found, run] : found
}

/** A value without neighbours is a short dash, or it would not be seen. */
export function linePath(values: Values, limits: Limits, box: Box): string {
  return runs(values)
    .map((run) => {
      const points = run.map((index) => `${xOf(index, values, box)} ${yOf(values[index] ?? 0, limits, box)}`)
      return points.length === 1 ? `M${xOf(run[0] ?? 0, values, box) - 1} ${points[0]?.split(' ')[1]}h2` : `M${points.join('L')}`
    })
    .join('')
}

export function bandPath(lows: Values, highs: Values, limits: Limits, box: Box): string {
  return runs(lows)
    .map((run) => {
      const edge = (values: Values, index: number): string => `${xOf(index, lows, box)} ${yOf(values[index] ?? 0, limits, box)}`
      if (run.length === 1) {
        const index = run[0] ?? 0
        const [top, bottom] = [yOf(highs[index] ?? 0, limits, box), yOf(lows[index] ?? 0, limits, box)]
        return `M${xOf(index, lows, box) - 1} ${top}h2V${bottom}h-2Z`
      }
      return `M${run.map((index) => edge(highs, index)).join('L')}L${run.toReversed().map((index) => edge(lows, index)).join('L')}Z`
    })
    .join('')
}
