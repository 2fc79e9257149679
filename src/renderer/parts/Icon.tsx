/** A lucide icon at one of the three sizes of the design, with the stroke that suits it. Decorative: the words beside it carry the meaning. */
import type { LucideIcon } from 'lucide-react'

const strokes = { 12: 2, 14: 1.75, 16: 1.6 } as const

export function Icon({ of: Shape, size = 16, className }: { of: LucideIcon; size?: 12 | 14 | 16; className?: string | undefined }) {
  return <Shape aria-hidden="true" width={size} height={size} strokeWidth={strokes[size]} {...(className !== undefined && { className })} />
}
