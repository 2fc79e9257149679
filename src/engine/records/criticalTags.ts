/** Tags for tasks that used or produced remarkably much or little: Flowcept's names and default thresholds, each tag with its reason. */
import { field, isJsonObject, type JsonObject, type JsonValue } from '#contract/json'

export type Thresholds = {
  /** Percent points by which the load of all CPUs changed, either way. */
  readonly high_cpu: number
  /** Bytes by which used memory grew. */
  readonly high_mem: number
  /** Bytes read and written. */
  readonly high_disk: number
  /** Seconds. */
  readonly long_duration: number
  /** Of the outputs named in `outputs`. */
  readonly low_output: number
  readonly high_output: number
}
export type CriticalTag = keyof Thresholds

export const defaultThresholds: Thresholds = { high_cpu: 80, high_mem: 1e9, high_disk: 1e8, long_duration: 0.8, low_output: 0.1, high_output: 0.9 }

export type TagRules = {
  readonly thresholds?: Partial<Thresholds> | undefined
  /** Keys of `generated` that measure the quality of a result. */
  readonly outputs?: readonly string[] | undefined
}
/** Why a tag was given: `value`, found at the dotted name `measure`, is beyond `threshold`. */
export type Finding = { readonly tag: CriticalTag; readonly measure: string; readonly value: number; readonly threshold: number }

/** A value must be strictly beyond its threshold; one that is missing or no number tags nothing. True and false count as 1 and 0. */
export function criticalFindings(generated: JsonValue | undefined, summary: JsonObject, rules: TagRules = {}): Finding[] {
  const thresholds = { ...defaultThresholds, ...rules.thresholds }
  const findings: Finding[] = []
  const check = (tag: CriticalTag, measure: string, value: number | null): void => {
    const threshold = thresholds[tag]
    if (value !== null && (tag === 'low_output' ? value < threshold : value > threshold)) findings.push({ tag, measure, value, threshold })
  }
  const section = (name: string, key: string): number | null => numeric(inner(field(summary, name), key))
  const load = section('cpu', 'percent_all_diff')
  check('high_cpu', 'cpu.percent_all_diff', load === null ? null : Math.abs(load))
  // `mem` is the name under which Flowcept looks for what it stores as `memory`.
  check('high_mem', 'memory.used_mem_diff', section('memory', 'used_mem_diff') ?? section('mem', 'used_mem_diff'))
  const read = section('disk', 'read_bytes_diff')
  const written = section('disk', 'write_bytes_diff')
  check('high_disk', 'disk.read_bytes_diff + disk.write_bytes_diff', read === null && written === null ? null : (read ?? 0) + (written ?? 0))
  check('long_duration', 'duration_sec', numeric(field(summary, 'duration_sec')))
  for (const output of rules.outputs ?? ['result']) {
    const value = numeric(inner(generated, output))
    check('low_output', `generated.${output}`, value)
    check('high_output', `generated.${output}`, value)
  }
  return findings
}

/** The names alone, each once. */
export function criticalTags(generated: JsonValue | undefined, summary: JsonObject, rules: TagRules = {}): CriticalTag[] {
  return [...new Set(criticalFindings(generated, summary, rules).map(({ tag }) => tag))]
}

function inner(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isJsonObject(value) ? field(value, key) : undefined
}

function numeric(value: JsonValue | undefined): number | null {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' ? Number(value) : null
}
