/** The run that an id, or the beginning of one, names. */
import type { Run } from '#contract/compare'
import { Refusal } from '#contract/reply'
import type { Ask } from './openSession.ts'

const atOnce = 1000
const mostNamed = 5

/** @throws Refusal if it names none, or several */
export async function runWithId(ask: Ask, sourceId: string, kind: 'workflow' | 'campaign', id: string): Promise<Run> {
  const found: string[] = []
  for (let offset = 0, total = 1; offset < total; offset += atOnce) {
    const page = await ask('compare.runs', { sourceId, search: id, offset, limit: atOnce })
    total = page.total
    for (const { run } of page.runs) if (run.kind === kind && run.id?.startsWith(id)) found.push(run.id)
  }
  const whole = found.find((one) => one === id) ?? (found.length === 1 ? found[0] : undefined)
  if (whole !== undefined) return { sourceId, kind, id: whole }
  if (found.length === 0) throw new Refusal('not-found', `There is no ${kind} ${id} here, nor one whose id begins so.`)
  const rest = found.length > mostNamed ? ` and ${found.length - mostNamed} more` : ''
  throw new Refusal('not-found', `The id ${id} may be any of ${found.length} ${kind}s: ${found.slice(0, mostNamed).join(', ')}${rest}.`)
}
