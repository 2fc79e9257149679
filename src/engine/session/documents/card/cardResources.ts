/** Resources of a card: what telemetry says of the whole run, and of each activity. */
import { ascending, elapsedSeconds, percentile } from './asFloat.ts'
import { groupedBy } from './cardActivities.ts'
import { bytesText, countText, isEmptyMetric, largest, markdownTable, percentText, secondsText, someSeconds } from './cardText.ts'
import type { CardTask } from './cardTasks.ts'
import { fixed, sortedTexts } from './pythonText.ts'
import { type End, type Grown, grownKeys, type TaskTelemetry } from './taskTelemetry.ts'

const meanOf = (values: readonly number[]): number | null => (values.length > 0 ? sumOf(values) / values.length : null)
const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

/** Null where no task has both snapshots. */
export class RunResources {
  readonly samples: readonly TaskTelemetry[]

  constructor(tasks: readonly CardTask[]) {
    const isCaptured = tasks.some(({ telemetry }) => telemetry?.isPair === true)
    this.samples = isCaptured ? tasks.flatMap(({ telemetry }) => (telemetry === null || telemetry.isEmpty ? [] : [telemetry])) : []
  }

  sum(key: Grown): number {
    return sumOf(this.grownOf(key))
  }

  mean(key: Grown): number | null {
    return meanOf(this.grownOf(key))
  }

  endMean(key: End): number | null {
    return meanOf(this.endsOf(key))
  }

  endMax(key: End): number | null {
    const values = this.endsOf(key)
    return values.length > 0 ? values.reduce((a, b) => Math.max(a, b)) : null
  }

  private grownOf(key: Grown): number[] {
    return this.samples.flatMap(({ grown }) => grown[key] ?? [])
  }

  private endsOf(key: End): number[] {
    return this.samples.flatMap(({ ends }) => ends[key] ?? [])
  }
}

type Row = readonly [label: string, value: string]

function section(title: string, rows: readonly Row[]): string[] {
  const filled = rows.filter(([, value]) => !isEmptyMetric(value))
  return filled.length > 0 ? [`#### ${title}`, markdownTable(['Metric', 'Value'], filled), ''] : []
}

export function runResourceLines(run: RunResources): string[] {
  const bytes = (key: Grown): string => bytesText(run.sum(key))
  const count = (key: Grown): string => countText(run.sum(key))
  return [
    '### Workflow-level Resource Usage',
    '',
    ...section('Overview', [['Telemetry Samples (task start/end pairs)', String(run.samples.length)]]),
    ...section('CPU', [['CPU User Time Delta (s)', secondsText(run.sum('cpuUser'))], ['CPU System Time Delta (s)', secondsText(run.sum('cpuSystem'))], ['Average CPU (%) Delta', percentText(run.mean('cpuPercent'))], ['Average CPU Frequency', countText(run.endMean('frequency'))]]),
    ...section('Memory', [['Memory Used Delta', bytes('memoryUsed')], ['Average Memory (%)', percentText(run.endMean('memoryPercent'))], ['Swap Used Delta', bytes('swapUsed')], ['Average Swap (%)', percentText(run.endMean('swapPercent'))], ['Process Max RSS', bytesText(run.endMax('rss'))], ['Process Max VMS', bytesText(run.endMax('vms'))]]),
    ...section('Process', processRows(run)),
    ...gpuLines(run),
    ...section('Disk', [['Disk Used Delta', bytes('diskUsed')], ['Total Read', bytes('readBytes')], ['Total Write', bytes('writeBytes')], ['Total Read Ops', count('readCount')], ['Total Write Ops', count('writeCount')], ['Disk Read Time Delta (ms)', secondsText(run.sum('readTime'))], ['Disk Write Time Delta (ms)', secondsText(run.sum('writeTime'))], ['Disk Busy Time Delta (ms)', secondsText(run.sum('busyTime'))]]),
    ...section('Network', [['Network Sent', bytes('netSent')], ['Network Received', bytes('netReceived')], ['Network Packets Sent', count('packetsSent')], ['Network Packets Received', count('packetsReceived')], ['Network Errors In/Out', `${count('errorsIn')} / ${count('errorsOut')}`], ['Network Drops In/Out', `${count('dropsIn')} / ${count('dropsOut')}`]])
  ]
}

function processRows(run: RunResources): Row[] {
  return [
    ['Process CPU User Delta (s)', someSeconds(run.sum('processUser'))],
    ['Process CPU System Delta (s)', someSeconds(run.sum('processSystem'))],
    ['Process CPU (%) Delta', percentText(run.mean('processPercent'))],
    ['Process IO Read', bytesText(run.sum('processRead'))],
    ['Process IO Write', bytesText(run.sum('processWrite'))],
    ['Process IO Read Ops', countText(run.sum('processReads'))],
    ['Process IO Write Ops', countText(run.sum('processWrites'))],
    ['Process Max Threads', countText(run.endMax('threads'))],
    ['Process Max Open Files', countText(run.endMax('openFiles'))],
    ['Process Max Open FDs', countText(run.endMax('descriptors'))],
    ['Process Max Connections', countText(run.endMax('connections'))]
  ]
}

type Gpus = { readonly devices: number; readonly names: string; readonly ids: string; readonly used: number | null; readonly power: number | null; readonly peak: number | null }

function gpusOf({ samples }: RunResources): Gpus {
  const gpus = samples.flatMap((sample) => sample.gpus)
  const [names, ids] = [sortedTexts(new Set(gpus.flatMap(({ name }) => name ?? []))), sortedTexts(new Set(gpus.flatMap(({ id }) => id ?? [])))]
  const [deltas, peaks] = [new Map<string, number>(), [] as number[]]
  for (const { end, start } of gpus) {
    for (const [metric, last] of end) {
      const first = start.get(metric)
      if (first !== undefined && last >= first) deltas.set(metric, (deltas.get(metric) ?? 0) + last - first)
      else if (!deltas.has(metric)) deltas.set(metric, last)
      if (/temperature|hotspot|edge/i.test(metric)) peaks.push(last)
    }
  }
  const sum = (isOne: (metric: string) => boolean): number | null => {
    const found = [...deltas].filter(([metric]) => isOne(metric.toLowerCase()))
    return found.length > 0 ? sumOf(found.map(([, value]) => value)) : null
  }
  return {
    devices: names.length || ids.length,
    names: names.join(', ') || '-',
    ids: ids.join(', ') || '-',
    used: sum(isGpuMemory),
    power: sum((metric) => metric.includes('power')),
    peak: peaks.length > 0 ? peaks.reduce((a, b) => Math.max(a, b)) : null
  }
}

const isGpuMemory = (metric: string): boolean => metric.includes('used') && !metric.includes('gpu')

function gpuLines(run: RunResources): string[] {
  const { devices, ids, names, peak, power, used } = gpusOf(run)
  if (devices === 0) return []
  const number = (value: number | null): string => (value === null ? '-' : fixed(value, 3))
  return section('GPU', [['GPU Devices Seen', countText(devices)], ['GPU Names', names], ['GPU IDs', ids], ['GPU Used Delta', bytesText(used)], ['GPU Power Delta', number(power)], ['Peak GPU Temperature', number(peak)]])
}

export function runResourceObservations(run: RunResources): string[] {
  const [cpu, memory, rss] = [percentText(run.mean('cpuPercent')), bytesText(run.sum('memoryUsed')), bytesText(run.endMax('rss'))]
  const [read, write, sent, received] = (['readBytes', 'writeBytes', 'netSent', 'netReceived'] as const).map((key) => bytesText(run.sum(key))) as [string, string, string, string]
  const { devices, peak } = gpusOf(run)
  return [
    ...(isEmptyMetric(cpu) ? [] : [`- CPU-heavy period (avg delta): \`${cpu}\`.`]),
    ...(isEmptyMetric(memory) ? [] : [`- Memory pressure (delta): \`${memory}\`; peak RSS: \`${rss}\`.`]),
    ...(isEmptyMetric(read) && isEmptyMetric(write) ? [] : [`- Disk IO pressure: read \`${read}\`, write \`${write}\`.`]),
    ...(isEmptyMetric(sent) && isEmptyMetric(received) ? [] : [`- Network movement: sent \`${sent}\`, received \`${received}\`.`]),
    `- Process-level pressure: cpu_user_delta=\`${secondsText(run.sum('processUser'))}\`, cpu_system_delta=\`${secondsText(run.sum('processSystem'))}\`.`,
    ...(devices > 0 ? [`- GPU activity detected on \`${devices}\` device(s); peak temperature: \`${peak === null ? '~' : fixed(peak, 3)}\`.`] : [])
  ]
}

/** One activity's share. */
export type ActivityResources = { readonly name: string; readonly elapsed: number | null; readonly sums: Readonly<Record<Grown, number>>; readonly cpuPercent: number | null; readonly gpu: number }

/** Empty where no task has both snapshots. In the order in which the tasks have their activities. */
export function activityResources(tasks: readonly CardTask[]): ActivityResources[] {
  if (!tasks.some(({ telemetry }) => telemetry?.isPair === true)) return []
  return [...groupedBy(tasks, ({ activity }) => activity)].map(([name, members]) => {
    const elapsed = ascending(members.flatMap(({ end, start }) => elapsedSeconds(start, end) ?? []))
    const grown = members.flatMap(({ telemetry }) => telemetry?.grown ?? [])
    const sums = Object.fromEntries(grownKeys.map((key) => [key, sumOf(grown.map((one) => one[key] ?? 0))])) as Record<Grown, number>
    return { name, elapsed: elapsed.length > 0 ? percentile(elapsed, 0.5) : null, sums, cpuPercent: meanOf(grown.flatMap((one) => one.cpuPercent ?? [])), gpu: sumOf(members.map(gpuGrowth)) }
  })
}

function gpuGrowth({ telemetry }: CardTask): number {
  let sum = 0
  for (const { end, start } of telemetry?.gpus ?? []) {
    for (const [metric, last] of end) {
      if (!isGpuMemory(metric.toLowerCase())) continue
      const first = start.get(metric)
      sum += first !== undefined && last >= first ? last - first : last
    }
  }
  return sum
}

const headers = ['Activity', 'Elapsed (s)', 'CPU User (s)', 'CPU System (s)', 'CPU (%)', 'Memory Delta', 'Read', 'Write', 'Read Ops', 'Write Ops']

/** The table without columns that say nothing; null if none says anything. */
export function activityResourceTable(activities: readonly ActivityResources[]): string | null {
  const rows = activities.map(({ cpuPercent, elapsed, name, sums }) => [
    name,
    secondsText(elapsed),
    secondsText(sums.cpuUser),
    secondsText(sums.cpuSystem),
    percentText(cpuPercent),
    bytesText(sums.memoryUsed),
    bytesText(sums.readBytes),
    bytesText(sums.writeBytes),
    countText(sums.readCount),
    countText(sums.writeCount)
  ])
  const kept = headers.map((_, at) => at).filter((at) => at < 2 || rows.some((row) => !isEmptyMetric(row[at] as string)))
  if (kept.length <= 2) return null
  return markdownTable(kept.map((at) => headers[at] as string), rows.map((row) => kept.map((at) => row[at] as string)))
}

export function activityResourceInsights(activities: readonly ActivityResources[]): string[] {
  const list = (title: string, by: (one: ActivityResources) => number, tell: (one: ActivityResources) => string): string[] => {
    const found = largest(activities, by, 5).filter((one) => by(one) > 0)
    return found.length > 0 ? [`- ${title}:`, ...found.map((one) => `  - \`${one.name}\`: ${tell(one)}`)] : []
  }
  return [
    ...list('Most IO-heavy Activities (Read + Write)', ioOf, ({ sums }) => `Read=${bytesText(sums.readBytes)}, Write=${bytesText(sums.writeBytes)}`),
    ...list('Most CPU-active Activities', ({ cpuPercent }) => cpuPercent ?? 0, ({ cpuPercent }) => `CPU=${percentText(cpuPercent)}`),
    ...list('Largest memory growth Activities', ({ sums }) => sums.memoryUsed, ({ sums }) => `Memory Delta=${bytesText(sums.memoryUsed)}`),
    ...list('Most network-active Activities', ({ sums }) => sums.netSent + sums.netReceived, ({ sums }) => `Sent=${bytesText(sums.netSent)}, Received=${bytesText(sums.netReceived)}`),
    ...list('Highest process CPU delta Activities', ({ sums }) => sums.processPercent, ({ sums }) => `Process CPU Delta=${percentText(sums.processPercent)}`),
    ...list('Highest GPU memory delta Activities', ({ gpu }) => gpu, ({ gpu }) => `GPU Used Delta=${bytesText(gpu)}`)
  ]
}

export const ioOf = ({ sums }: ActivityResources): number => sums.readBytes + sums.writeBytes

/** As campaign cards have it; nothing where telemetry says nothing. */
export function activityResourceSection(tasks: readonly CardTask[], heading: string): string[] {
  const activities = activityResources(tasks)
  const [table, insights] = [activityResourceTable(activities), activityResourceInsights(activities)]
  if (table === null && insights.length === 0) return []
  return [`${heading} Per-activity Resource Usage`, ...(table === null ? [] : [table, '']), ...(insights.length > 0 ? [`${heading}# Interpretation & Insights`, ...insights, ''] : [])]
}
