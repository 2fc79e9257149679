/** Keys of a tree after the ARIA practices, over the rows that are in the page, in their order. */
import type { KeyboardEvent } from 'react'

let typed = ''
let typedAt = 0
const typeAheadMs = 700

export function moveInTree(event: KeyboardEvent<HTMLElement>): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=treeitem]')]
  const index = rows.indexOf(document.activeElement as HTMLElement)
  const row = rows[index]
  if (!row) return
  const levelOf = (other: HTMLElement | undefined): number => Number(other?.getAttribute('aria-level') ?? 0)
  const toggle = (): void => row.querySelector<HTMLElement>('[data-toggle]')?.click()
  const open = row.getAttribute('aria-expanded')
  switch (event.key) {
    case 'ArrowDown':
      rows[index + 1]?.focus()
      break
    case 'ArrowUp':
      rows[index - 1]?.focus()
      break
    case 'Home':
      rows[0]?.focus()
      break
    case 'End':
      rows.at(-1)?.focus()
      break
    case 'ArrowRight':
      if (open === 'false') toggle()
      else if (levelOf(rows[index + 1]) > levelOf(row)) rows[index + 1]?.focus()
      break
    case 'ArrowLeft':
      if (open === 'true') toggle()
      else rows.slice(0, index).findLast((other) => levelOf(other) < levelOf(row))?.focus()
      break
    case 'Enter':
    case ' ':
      row.click()
      break
    default:
      // On the chosen row C marks it for comparison.
      if (event.key === 'c' && row.getAttribute('aria-selected') === 'true') return
      if (event.key.length !== 1 || !find(event.key, rows, index)) return
  }
  event.preventDefault()
  event.stopPropagation()
}

/** Goes to the next row whose name begins with what was typed; letters alone, so that `/` and `?` keep their meaning. */
function find(key: string, rows: HTMLElement[], from: number): boolean {
  if (!/[\p{L}\p{N}_-]/u.test(key)) return false
  const now = performance.now()
  typed = now - typedAt > typeAheadMs ? key : typed + key
  typedAt = now
  const start = typed.length === 1 ? from + 1 : from
  const found = [...rows.slice(start), ...rows.slice(0, start)].find((row) => row.dataset['name']?.toLowerCase().startsWith(typed.toLowerCase()))
  found?.focus()
  return found !== undefined
}
