/** A length of time for people, with its unit: `39.3 µs`, `3.03 ms`, `12.5 s`. */
export function secondsText(seconds: number): string {
  const size = Math.abs(seconds)
  if (size === 0) return '0 s'
  if (size < 1e-3) return `${Number((seconds * 1e6).toPrecision(3))} µs`
  return size < 1 ? `${Number((seconds * 1e3).toPrecision(3))} ms` : `${Number(seconds.toFixed(2)).toLocaleString('en')} s`
}
