/** A document of a source of a test's own engine, as the file that it becomes. */
import type { Given } from '#contract/methods'
import type { AskedEngine } from './askEngine.ts'

/** @returns where it lies. @throws Error with what the job ended as, if that is not `done` */
export async function makeDocument({ ask, until }: AskedEngine, params: Omit<Given<'exports.document'>, 'name'>): Promise<string> {
  const { exportId } = await ask('exports.document', { name: `document.${params.format}`, ...params })
  const job = await until(async () => (await ask('exports.list', {})).exports.find((one) => one.exportId === exportId && !['writing', 'checking'].includes(one.state)))
  if (job.state !== 'done') throw new Error(job.error ?? job.state)
  return (await ask('exports.path', { exportId })).path
}
