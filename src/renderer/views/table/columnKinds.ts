/** How each type of column presents itself: icon, default width, alignment. */
import { Braces, Calendar, CircleDashed, Hash, Key, List, type LucideIcon, Shapes, Tag, TextIcon, Timer, ToggleLeft } from 'lucide-react'
import type { Column } from '#contract/tables'

const kinds: Record<Column['type'], { icon: LucideIcon; widthPx: number; says: string }> = {
  boolean: { icon: ToggleLeft, widthPx: 84, says: 'true or false' },
  integer: { icon: Hash, widthPx: 96, says: 'integers' },
  number: { icon: Hash, widthPx: 104, says: 'numbers' },
  text: { icon: TextIcon, widthPx: 136, says: 'text' },
  list: { icon: List, widthPx: 136, says: 'lists' },
  mixed: { icon: Shapes, widthPx: 136, says: 'values of several kinds' },
  time: { icon: Calendar, widthPx: 124, says: 'times' },
  status: { icon: Tag, widthPx: 96, says: 'statuses' },
  id: { icon: Key, widthPx: 164, says: 'ids' },
  empty: { icon: CircleDashed, widthPx: 88, says: 'no values' }
}

export function columnIcon(column: Column): LucideIcon {
  if (column.name === 'duration') return Timer
  return column.type === 'mixed' && column.name.startsWith('custom_metadata') ? Braces : kinds[column.type].icon
}

export const columnSays = (column: Column): string => kinds[column.type].says
export const minWidthPx = 56

/** Wide enough for the name and a usual value. */
export function defaultWidthPx(column: Column): number {
  const leaf = column.name.slice(column.prefix.length)
  const namePx = leaf.length * 6.6 + (column.unit ? column.unit.length * 6 + 6 : 0) + 44
  return Math.round(Math.min(280, Math.max(kinds[column.type].widthPx, namePx)))
}
