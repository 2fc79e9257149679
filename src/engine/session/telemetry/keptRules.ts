/** The thresholds of critical tasks as the person left them: Flowcept's, unless changed; the same for every source. */
import { type RuleTag, ruleTag, type setRuleParams } from '#contract/telemetry'
import { defaultThresholds } from '#engine/records/criticalTags'
import type { z } from 'zod'
import type { Prefs } from '../services/prefs.ts'

export type KeptRule = { readonly threshold: number; readonly on: boolean }
export type KeptRules = Readonly<Record<RuleTag, KeptRule>>

const key = 'telemetry.rules'

export async function keptRules(prefs: Pick<Prefs, 'get'>): Promise<KeptRules> {
  const kept = await prefs.get(key)
  const entries = isDict(kept) ? kept : {}
  return Object.fromEntries(ruleTag.options.map((tag) => [tag, ruleIn(entries[tag], defaultThresholds[tag])])) as KeptRules
}

export async function keepRule(prefs: Pick<Prefs, 'get' | 'set'>, { tag, threshold, on }: z.output<typeof setRuleParams>): Promise<void> {
  const rules = await keptRules(prefs)
  const rule = { threshold: threshold === undefined ? rules[tag].threshold : (threshold ?? defaultThresholds[tag]), on: on ?? rules[tag].on }
  const changed = Object.entries({ ...rules, [tag]: rule }).filter(([name, kept]) => !kept.on || kept.threshold !== defaultThresholds[name as RuleTag])
  await prefs.set(key, changed.length === 0 ? null : Object.fromEntries(changed))
}

export async function forgetRules(prefs: Pick<Prefs, 'set'>): Promise<void> {
  await prefs.set(key, null)
}

/** What another version, or a hand, wrote there may be anything. */
function ruleIn(kept: unknown, standard: number): KeptRule {
  const { on, threshold } = isDict(kept) ? kept : {}
  return { threshold: typeof threshold === 'number' && Number.isFinite(threshold) ? threshold : standard, on: on !== false }
}

const isDict = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
