/** The view Timeline. */
import { Construction } from 'lucide-react'
import { EmptyState } from '../../parts/EmptyState.tsx'

export function Timeline() {
  return <EmptyState icon={Construction} title="Timeline">This is being built.</EmptyState>
}
