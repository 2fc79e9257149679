/** The view Dataflow. */
import { Construction } from 'lucide-react'
import { EmptyState } from '../../parts/EmptyState.tsx'

export function Dataflow() {
  return <EmptyState icon={Construction} title="Dataflow">This is being built.</EmptyState>
}
