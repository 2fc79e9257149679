/** Arrow keys among the buttons of a list of rows: one tab stop, rows marked `data-row`. */
import { type FocusEvent, type KeyboardEvent, useRef, useState } from 'react'
import { moveKey } from '../../state/commands.ts'

/** Buttons inside have tabIndex −1. */
export function useCellKeys() {
  const [inside, setInside] = useState(false)
  const last = useRef<HTMLElement | null>(null)
  return {
    tabIndex: inside ? -1 : 0,
    onFocus: (event: FocusEvent<HTMLElement>) => {
      if (event.target !== event.currentTarget) {
        last.current = event.target
        setInside(true)
      } else if (event.currentTarget.matches(':focus-visible')) {
        const target = last.current?.isConnected && event.currentTarget.contains(last.current) ? last.current : cellsOf(rowsOf(event.currentTarget)[0])[0]
        target?.focus()
      }
    },
    onBlur: (event: FocusEvent<HTMLElement>) => {
      if (!event.currentTarget.contains(event.relatedTarget)) setInside(false)
    },
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
      const target = targetOf(moveKey(event.nativeEvent), event.currentTarget, document.activeElement as HTMLElement)
      if (!target) return
      event.preventDefault()
      target.focus()
      target.scrollIntoView({ block: 'nearest' })
    }
  }
}

const rowsOf = (list: HTMLElement): HTMLElement[] => [...list.querySelectorAll<HTMLElement>('[data-row]')].filter((row) => cellsOf(row).length > 0)
const cellsOf = (row: HTMLElement | undefined): HTMLElement[] => (row ? [...(row.matches('button') ? [row] : row.querySelectorAll<HTMLElement>('button:not(:disabled)'))] : [])

function targetOf(key: string, list: HTMLElement, active: HTMLElement): HTMLElement | undefined {
  const rows = rowsOf(list)
  const at = rows.findIndex((row) => row.contains(active))
  const cells = cellsOf(rows[at])
  const column = Math.max(0, cells.indexOf(active))
  const inRow = (index: number): HTMLElement | undefined => {
    const others = cellsOf(rows[index])
    return others[Math.min(column, others.length - 1)]
  }
  switch (key) {
    case 'ArrowDown':
      return inRow(at + 1)
    case 'ArrowUp':
      return at > 0 ? inRow(at - 1) : undefined
    case 'ArrowRight':
      return cells[column + 1]
    case 'ArrowLeft':
      return cells[column - 1]
    case 'Home':
      return inRow(0)
    case 'End':
      return inRow(rows.length - 1)
    default:
      return undefined
  }
}
