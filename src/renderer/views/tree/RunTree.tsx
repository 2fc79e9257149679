/** The view Tree. */
import { Construction } from 'lucide-react'
import { EmptyState } from '../../parts/EmptyState.tsx'

export function RunTree() {
  return <EmptyState icon={Construction} title="Tree">This is being built.</EmptyState>
}
