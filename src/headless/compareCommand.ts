/** `provscope compare`: what differs between two runs, or a table of more of them. */
import type { Given, Result } from '#contract/methods'
import type { Run, RunFigure } from '#contract/compare'
import { compareJson } from './compareJson.ts'
import { compareText } from './compareText.ts'
import { type Ask, type Session } from './openSession.ts'
import { runsTable } from './runsTable.ts'
import type { ViewContext } from './runViewCommands.ts'
import { runWithId } from './runWithId.ts'
import type { CompareFlags } from './viewCommandLine.ts'
import { WrongUse } from './wrongUse.ts'

export type Compared = {
  summary: Result<'compare.summary'>
  fields: Result<'compare.fields'>
  onlyA: Result<'compare.unmatched'>
  onlyB: Result<'compare.unmatched'>
  status: Result<'compare.unmatched'>
  activities: Result<'compare.activities'>
  telemetry: Result<'compare.telemetry'>
  divergence: Result<'compare.divergence'>
}
type Pair = Given<'compare.summary'>

const atOnce = 1000

export async function compareCommand(sources: readonly string[], flags: CompareFlags, context: ViewContext): Promise<void> {
  if (flags.workflows !== undefined && flags.campaigns !== undefined) throw new WrongUse('--workflows and --campaigns cannot be given together')
  const ids = flags.workflows ?? flags.campaigns
  const kind = flags.campaigns ? 'campaign' : 'workflow'
  if (ids === undefined) {
    if (sources.length !== 2) throw new WrongUse(`two sources are compared, and ${sources.length === 1 ? 'one is' : `${sources.length} are`} named; runs of one source are named by --workflows or --campaigns`)
    await context.withinEach(sources, async ([a, b]) => {
      if (a && b) await writePair(a.ask, { a: wholeOf(a), b: wholeOf(b) }, flags, context)
    })
    return
  }
  if (ids.length < 2) throw new WrongUse(`--${kind}s names ${ids.length === 0 ? 'no id' : 'one id'}; two or more are compared`)
  await context.within([...sources], async ({ ask, source: { sourceId } }) => {
    const runs: Run[] = []
    for (const id of ids) runs.push(await runWithId(ask, sourceId, kind, id))
    const twice = runs.find((run, at) => runs.findIndex(({ id }) => id === run.id) < at)
    if (twice) throw new WrongUse(`--${kind}s names ${twice.id} twice`)
    const [a, b] = runs
    if (a && b && runs.length === 2) await writePair(ask, { a, b }, flags, context)
    else await runsTable(ask, { sourceId, kind, ids: runs.map(({ id }) => id ?? '') }, flags, context)
  })
}

const wholeOf = ({ source }: Session): Run => ({ sourceId: source.sourceId, kind: 'all', id: null })

async function writePair(ask: Ask, runs: { a: Run; b: Run }, { all, json, match }: CompareFlags, { note, output }: ViewContext): Promise<void> {
  const compared = await comparedRuns(ask, { ...runs, match }, all === true)
  await output.write(json ? compareJson(compared, note) : compareText(compared))
}

async function comparedRuns(ask: Ask, pair: Pair, all: boolean): Promise<Compared> {
  const unmatched = async (which: 'onlyA' | 'onlyB' | 'status'): Promise<Result<'compare.unmatched'>> => {
    const found = await ask('compare.unmatched', { ...pair, which, limit: atOnce })
    for (let offset = atOnce; offset < found.total; offset += atOnce) found.groups.push(...(await ask('compare.unmatched', { ...pair, which, offset, limit: atOnce })).groups)
    return found
  }
  const fields = await ask('compare.fields', { ...pair, onlyDifferences: !all, limit: atOnce })
  for (let offset = atOnce; offset < fields.total; offset += atOnce) fields.rows.push(...(await ask('compare.fields', { ...pair, onlyDifferences: !all, offset, limit: atOnce })).rows)
  const activities = await ask('compare.activities', { ...pair, limit: atOnce })
  for (let offset = atOnce; offset < activities.total; offset += atOnce) activities.activities.push(...(await ask('compare.activities', { ...pair, offset, limit: atOnce })).activities)
  return {
    summary: await ask('compare.summary', pair), fields, activities,
    onlyA: await unmatched('onlyA'), onlyB: await unmatched('onlyB'), status: await unmatched('status'),
    telemetry: await ask('compare.telemetry', pair), divergence: await ask('compare.divergence', pair)
  }
}

/** A run as people call it: its name, what tells it from its siblings, and the beginning of its id. */
export function runTitle({ label, name, run }: RunFigure): string {
  const id = run.kind === 'workflow' ? (run.id ?? '').slice(0, 8) : ''
  return [name, label === '' ? '' : `(${label})`, id].filter((part) => part !== '').join(' ')
}
