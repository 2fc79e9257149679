/** Methods about stores: opening one, transfer between them, objects and their versions. */
import type { Handlers } from '#contract/dispatch'
import { Refusal } from '#contract/reply'

const notYet = (): never => {
  throw new Refusal('unavailable', 'Stores cannot be opened yet.')
}

export function storeHandlers() {
  return {
    'stores.open': notYet,
    'transfers.start': notYet,
    'transfers.list': notYet,
    'transfers.cancel': notYet,
    'objects.versions': notYet,
    'objects.download': notYet
  } satisfies Partial<Handlers>
}
