/** A small line over equal steps of time, the latest at the right; zero is the lower edge. */
export function Sparkline({ values, name, widthPx = 64, heightPx = 22 }: { values: readonly number[]; name: string; widthPx?: number; heightPx?: number }) {
  const most = Math.max(1, ...values)
  const step = widthPx / Math.max(1, values.length - 1)
  const points = values.map((value, index) => `${(index * step).toFixed(1)} ${(heightPx - 1 - (value / most) * (heightPx - 3)).toFixed(1)}`)
  return (
    <svg width={widthPx} height={heightPx} viewBox={`0 0 ${widthPx} ${heightPx}`} role="img" aria-label={name}>
      <title>{name}</title>
      {points.length > 1 && (
        <>
          <path d={`M0 ${heightPx}L${points.join('L')}L${widthPx} ${heightPx}Z`} fill="var(--area)" />
          <path d={`M${points.join('L')}`} fill="none" stroke="var(--text-2)" strokeWidth="1.2" strokeLinejoin="round" />
        </>
      )}
    </svg>
  )
}
