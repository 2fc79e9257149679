/** The view Telemetry. */
import { Construction } from 'lucide-react'
import { EmptyState } from '../../parts/EmptyState.tsx'

export function Telemetry() {
  return <EmptyState icon={Construction} title="Telemetry">This is being built.</EmptyState>
}
