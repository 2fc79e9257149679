/** Turns a drawing into a table and back. */
import { Table2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from '../../parts/IconButton.tsx'

export function AsTable({ on, onChange }: { on: boolean; onChange: (on: boolean) => void }): ReactNode {
  return <IconButton small name={on ? 'Show as chart' : 'Show as table'} icon={Table2} pressed={on} onClick={() => onChange(!on)} />
}
