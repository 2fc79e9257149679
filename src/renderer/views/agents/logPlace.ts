/** Where a value stands on a logarithmic axis. */

/** 0–1 from one end to the other; the least that can be told from nothing is a microsecond. */
export function logPlace(value: number, { from, to }: { from: number; to: number }): number {
  const [least, most] = [Math.log(Math.max(from, 1e-6)), Math.log(Math.max(to, 1e-6))]
  if (most <= least) return 1
  return Math.min(1, Math.max(0.02, (Math.log(Math.max(value, 1e-6)) - least) / (most - least)))
}
