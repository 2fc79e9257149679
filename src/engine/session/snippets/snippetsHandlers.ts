/** Code that brings a view elsewhere: the handler of its method. */
import type { Handlers } from '#contract/dispatch'
import { Refusal } from '#contract/reply'
import type { AskTable } from '../askTable.ts'
import type { Services } from '../handlers.ts'

export function snippetsHandlers(of: AskTable, _services: Services) {
  return {
    'snippets.code': of<'snippets.code'>(() => Promise.reject(new Refusal('unavailable', 'This is being built.')))
  } satisfies Partial<Handlers>
}
