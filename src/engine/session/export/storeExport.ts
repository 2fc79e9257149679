/** What the scope leaves, written into a store: counted before, merged by id, gone on with after an interruption, read back. */
import type { Params, Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import type { Services } from '../handlers.ts'

export async function startStoreExport(_services: Services, _params: Params<'exports.store'>): Promise<Result<'exports.store'>> {
  return Promise.reject(new Refusal('unavailable', 'This is being built.'))
}
