/** What one task's telemetry adds to a card: how much each counter grew, and where each gauge stood at the end. */
import { isJsonObject, type JsonObject, type JsonValue } from '#contract/json'
import { asFloat } from './asFloat.ts'
import { pyStr } from './pythonText.ts'

const grown = {
  cpuUser: 'cpu.times_avg.user',
  cpuSystem: 'cpu.times_avg.system',
  cpuPercent: 'cpu.percent_all',
  memoryUsed: 'memory.virtual.used',
  readBytes: 'disk.io_sum.read_bytes',
  writeBytes: 'disk.io_sum.write_bytes',
  readCount: 'disk.io_sum.read_count',
  writeCount: 'disk.io_sum.write_count',
  readTime: 'disk.io_sum.read_time',
  writeTime: 'disk.io_sum.write_time',
  busyTime: 'disk.io_sum.busy_time',
  swapUsed: 'memory.swap.used',
  diskUsed: 'disk.disk_usage.used',
  netSent: 'network.netio_sum.bytes_sent',
  netReceived: 'network.netio_sum.bytes_recv',
  packetsSent: 'network.netio_sum.packets_sent',
  packetsReceived: 'network.netio_sum.packets_recv',
  errorsIn: 'network.netio_sum.errin',
  errorsOut: 'network.netio_sum.errout',
  dropsIn: 'network.netio_sum.dropin',
  dropsOut: 'network.netio_sum.dropout',
  processUser: 'process.cpu_times.user',
  processSystem: 'process.cpu_times.system',
  processPercent: 'process.cpu_percent',
  processRead: 'process.io_counters.read_bytes',
  processWrite: 'process.io_counters.write_bytes',
  processReads: 'process.io_counters.read_count',
  processWrites: 'process.io_counters.write_count'
} as const
const ends = {
  frequency: 'cpu.frequency',
  memoryPercent: 'memory.virtual.percent',
  swapPercent: 'memory.swap.percent',
  threads: 'process.num_threads',
  descriptors: 'process.num_open_file_descriptors',
  openFiles: 'process.num_open_files',
  connections: 'process.num_connections',
  rss: 'process.memory.rss',
  vms: 'process.memory.vms'
} as const
export type Grown = keyof typeof grown
export type End = keyof typeof ends
export const grownKeys = Object.keys(grown) as Grown[]

export type GpuTelemetry = { readonly name: string | null; readonly id: string | null; readonly end: ReadonlyMap<string, number>; readonly start: ReadonlyMap<string, number> }
export type TaskTelemetry = {
  /** Both snapshots are dicts, if maybe empty ones. */
  readonly isPair: boolean
  readonly isEmpty: boolean
  /** Only what grew. */
  readonly grown: Readonly<Partial<Record<Grown, number>>>
  readonly ends: Readonly<Partial<Record<End, number>>>
  readonly gpus: readonly GpuTelemetry[]
}

export function taskTelemetry(start: JsonValue | undefined, end: JsonValue | undefined): TaskTelemetry | null {
  if (!isJsonObject(start) && !isJsonObject(end)) return null
  const [before, after] = [isJsonObject(start) ? start : {}, isJsonObject(end) ? end : {}]
  return {
    isPair: isJsonObject(start) && isJsonObject(end),
    isEmpty: Object.keys(before).length === 0 && Object.keys(after).length === 0,
    grown: filled(grown, (path) => growth(at(before, path), at(after, path))),
    ends: filled(ends, (path) => asFloat(at(after, path))),
    gpus: gpusOf(before, after)
  }
}

/** Null unless it grew. */
function growth(before: JsonValue | undefined, after: JsonValue | undefined): number | null {
  const [a, b] = [asFloat(before), asFloat(after)]
  return a === null || b === null || !(b - a > 0) ? null : b - a
}

function filled<K extends string>(paths: Readonly<Record<K, string>>, value: (path: string) => number | null): Partial<Record<K, number>> {
  const found: Partial<Record<K, number>> = {}
  for (const [key, path] of Object.entries(paths) as [K, string][]) {
    const number = value(path)
    if (number !== null) found[key] = number
  }
  return found
}

function at(dict: JsonObject, path: string): JsonValue | undefined {
  let found: JsonValue | undefined = dict
  for (const key of path.split('.')) found = isJsonObject(found) && Object.hasOwn(found, key) ? found[key] : undefined
  return found
}

function gpusOf(before: JsonObject, after: JsonObject): GpuTelemetry[] {
  const [first, last] = [at(before, 'gpu'), at(after, 'gpu')]
  if (!isJsonObject(last)) return []
  return Object.entries(last).flatMap(([key, gpu]) => {
    if (!isJsonObject(gpu)) return []
    const text = (name: string): string | null => (gpu[name] === undefined || gpu[name] === null || gpu[name] === '' || gpu[name] === 0 ? null : pyStr(gpu[name]))
    return [{ name: text('name'), id: text('id'), end: numbersIn(gpu), start: numbersIn(isJsonObject(first) ? first[key] : undefined) }]
  })
}

/** All numbers in it by dotted path; elements of lists by their index in brackets. */
function numbersIn(value: JsonValue | undefined): Map<string, number> {
  const found = new Map<string, number>()
  const visit = (path: string, item: JsonValue): void => {
    if (Array.isArray(item)) for (const [index, one] of item.entries()) visit(`${path}[${index}]`, one)
    else if (isJsonObject(item)) for (const [key, one] of Object.entries(item)) visit(path === '' ? key : `${path}.${key}`, one)
    else {
      const number = asFloat(item)
      if (number !== null) found.set(path, number)
    }
  }
  if (isJsonObject(value)) visit('', value)
  return found
}
