/** What numbers are called, in which unit they are drawn, and which ones are looked at first. */
import { Cpu, Gauge, HardDrive, type LucideIcon, MemoryStick, Microchip, Network, Timer, Workflow } from 'lucide-react'
import type { Metric, MetricForm } from '#contract/telemetry'
import { decimal } from '../../parts/format.ts'

/** By section: what stands in the charts unless somebody chose otherwise. */
export const firstMetrics: readonly { prefix: string; metric: string | null; name: string; icon: LucideIcon }[] = [
  { prefix: 'cpu.', metric: 'telemetry.cpu.percent_all', name: 'CPU', icon: Cpu },
  { prefix: 'memory.', metric: 'telemetry.memory.virtual.used', name: 'Memory', icon: MemoryStick },
  { prefix: 'disk.', metric: 'telemetry.disk.io_sum.write_bytes', name: 'Disk write', icon: HardDrive },
  { prefix: 'network.', metric: 'telemetry.network.netio_sum.bytes_*', name: 'Network', icon: Network },
  { prefix: 'gpu.', metric: null, name: 'GPU', icon: Microchip }
]

const icons: Readonly<Record<string, LucideIcon>> = { ...Object.fromEntries(firstMetrics.map(({ prefix, icon }) => [prefix, icon])), 'process.': Gauge, '': Timer }
export const iconOf = (prefix: string): LucideIcon => icons[prefix] ?? Workflow

/** Of each section that has numbers, the one that is looked at first. */
export function chosenAtFirst(metrics: readonly Metric[]): string[] {
  return firstMetrics.flatMap(({ metric, prefix }) => {
    const found = metrics.find(({ id }) => id === metric) ?? metrics.find((candidate) => candidate.telemetry && candidate.prefix === prefix)
    return found ? [found.id] : []
  })
}

/** `cpu.percent_all`, `used.lr`, `duration`. */
export const fullName = ({ name, prefix }: Pick<Metric, 'name' | 'prefix'>): string => `${prefix}${name}`
export const nameOfId = (id: string): string => id.replace(/^telemetry\./, '')
/** In large: `CPU` for what everybody knows, else the last part of the name. */
export function titleOf({ id, name }: Pick<Metric, 'id' | 'name'>): string {
  return firstMetrics.find(({ metric }) => metric === id)?.name ?? name.slice(name.lastIndexOf('.') + 1)
}

export type Scale = { unit: string; divisor: number }
const decimalUnits = ['B', 'KB', 'MB', 'GB', 'TB']
const binaryUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** The unit in which the greatest of some values has one to three digits before the point. Memory is counted in powers of two. */
export function scaleOf(unit: string | null, greatest: number, memory = false): Scale {
  const isRate = unit?.endsWith('/s') === true
  const base = isRate ? unit.slice(0, -2) : unit
  const suffix = isRate ? '/s' : ''
  if (base === 'bytes') {
    const step = memory ? 1024 : 1000
    const power = greatest > 0 ? Math.min(decimalUnits.length - 1, Math.max(0, Math.floor(Math.log(greatest) / Math.log(step)))) : 0
    return { unit: `${(memory ? binaryUnits : decimalUnits)[power]}${suffix}`, divisor: step ** power }
  }
  if (base === 's' && !isRate && greatest > 0 && greatest < 0.1) return greatest < 1e-4 ? { unit: 'µs', divisor: 1e-6 } : { unit: 'ms', divisor: 1e-3 }
  return { unit: base === null || base === '' ? suffix && 'per s' : `${base}${suffix}`, divisor: 1 }
}

/** Three digits are what one can compare. */
export function figure(value: number, { divisor }: Scale = { unit: '', divisor: 1 }): string {
  const scaled = value / divisor
  const size = Math.abs(scaled)
  if (size === 0) return '0'
  if (size >= 1e7 || size < 1e-3) return scaled.toExponential(2).replace('-', '−')
  return size >= 100 ? decimal(scaled, 0) : decimal(Number(scaled.toPrecision(3)), 6)
}

export const withUnit = (value: number, scale: Scale): string => `${figure(value, scale)}${scale.unit === '' ? '' : ` ${scale.unit}`}`

export const isMemory = (id: string): boolean => /^telemetry\.(memory|process\.memory|gpu)\./.test(id)
/** Only snapshots have a start and an end. */
export const canDiffer = (metric: Pick<Metric, 'telemetry'>): boolean => metric.telemetry
/** Counters are most telling as what a task added to them, others as they were. */
export const formOf = (metric: Pick<Metric, 'counter'>): MetricForm => (metric.counter ? 'difference' : 'level')
export const formWords: Record<MetricForm, string> = { level: 'level', difference: 'start → end' }
export const longForm = ({ counter, telemetry }: Pick<Metric, 'counter' | 'telemetry'>, form: MetricForm): string =>
  !telemetry ? '' : form === 'difference' ? 'start → end' : counter ? 'rate, start → end over the duration' : 'at the end'

/** The next of 1, 2, 2.5, 5 × 10ⁿ. */
export function niceAbove(value: number): number {
  if (!(value > 0)) return 1
  const unit = 10 ** Math.floor(Math.log10(value))
  return unit * ([1, 2, 2.5, 5, 10].find((step) => step * unit >= value * (1 - 1e-9)) ?? 10)
}
