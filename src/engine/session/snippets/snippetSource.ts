/** Where the records of a source lie, as code has to name it. Passwords are in no code. */
import type { OpenEntry } from '../openEntry.ts'
import { SourceEntry } from '../sourceEntry.ts'
import { StoreEntry } from '../stores/storeEntry.ts'

export type SnippetSource =
  | {
      readonly kind: 'files'
      /** In the order in which they are read. */
      readonly paths: readonly string[]
      /** What the source was opened by: files, folders, globs. */
      readonly named: readonly string[]
      /** Whether lines were passed over that are no messages. */
      readonly rejects: boolean
    }
  | { readonly kind: 'lmdb'; readonly path: string; readonly rejects: boolean }
  /** `address` has the name of its user, but no password. */
  | { readonly kind: 'mongodb'; readonly address: string; readonly database: string; readonly hasPassword: boolean }
  | { readonly kind: 'passing'; readonly why: string }

export function snippetSource(entry: OpenEntry): SnippetSource {
  if (entry instanceof StoreEntry) {
    const { store } = entry
    if (store.type === 'lmdb') return { kind: 'lmdb', path: store.path, rejects: entry.rejectedLines > 0 }
    return { kind: 'mongodb', address: store.address, database: databaseOf(store.address), hasPassword: store.uri !== store.address }
  }
  if (!(entry instanceof SourceEntry)) return { kind: 'passing', why: 'What a message queue sends is nowhere to be read again: dump the buffer to a file, or record to a store, open that, and copy the code of it.' }
  if (entry.paths.length === 0) return { kind: 'passing', why: 'Standard input cannot be read again: save it to a file, open that, and copy the code of it.' }
  return { kind: 'files', paths: entry.paths, named: entry.named, rejects: entry.rejectedLines > 0 }
}

function databaseOf(address: string): string {
  const name = /^[a-z+]+:\/\/[^/?]*\/([^?]+)/i.exec(address)?.[1]
  return name === undefined ? 'flowcept' : decodeURIComponent(name)
}
