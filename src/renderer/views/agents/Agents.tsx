/** The view Agents. */
import { Construction } from 'lucide-react'
import { EmptyState } from '../../parts/EmptyState.tsx'

export function Agents() {
  return <EmptyState icon={Construction} title="Agents">This is being built.</EmptyState>
}
