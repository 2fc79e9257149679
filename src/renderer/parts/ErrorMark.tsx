/** The share of failed tasks as a line on a 0–5 % scale, with a notch where it goes beyond. No failures, no mark. */
import { count, percent } from './format.ts'

const fullShare = 0.05

export function ErrorMark({ errors, tasks, width = 32 }: { errors: number; tasks: number; width?: number }) {
  if (errors === 0 || tasks === 0) return null
  const share = errors / tasks
  const end = 0.5 + Math.min(1, share / fullShare) * (width - 2)
  const words = `${count(errors)} of ${count(tasks)} tasks failed, ${percent(share)}`
  return (
    <svg width={width} height={9} viewBox={`0 0 ${width} 9`} role="img" aria-label={words} fill="none">
      <title>{words}</title>
      <path d={`M.5 4.5H${width - 0.5}M.5 3v3M${width - 0.5} 3v3`} stroke="var(--line-2)" />
      <path d={`M.5 4.5H${end.toFixed(1)}`} stroke="var(--err-fill)" />
      <path d={`M${end.toFixed(1)} 1v7`} stroke="var(--err)" strokeWidth={2.5} />
      {share > fullShare && <path d={`M${width - 6} -1L${width - 9} 9`} stroke="var(--panel)" strokeWidth={2} />}
    </svg>
  )
}
