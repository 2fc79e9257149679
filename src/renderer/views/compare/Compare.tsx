/** The view Compare. */
import { Construction } from 'lucide-react'
import { EmptyState } from '../../parts/EmptyState.tsx'

export function Compare() {
  return <EmptyState icon={Construction} title="Compare">This is being built.</EmptyState>
}
