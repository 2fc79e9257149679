/** A document about a run as something to be written: which maker, about what. */
import type { Params } from '#contract/methods'
import { Refusal } from '#contract/reply'
import type { Writing } from '../export/exports.ts'
import type { Services } from '../handlers.ts'

export async function documentWriting(_services: Services, _params: Params<'exports.document'>): Promise<Writing> {
  return Promise.reject(new Refusal('unavailable', 'This is being built.'))
}
