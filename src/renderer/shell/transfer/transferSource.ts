/** Takes an open source to the dialog for transfers. */
import type { Source } from '#contract/sources'
import { call } from '../../connection/call.ts'
import { noPlace, openTransfer } from '../../state/transfers.ts'

const types = { lmdb: 'lmdb', mongodb: 'mongodb', file: 'jsonl' } as const

export const canTransfer = ({ kind, path }: Source): boolean => kind === 'lmdb' || kind === 'mongodb' || (kind === 'file' && !/\.(gz|zst)$/i.test(path))

export async function transferSource({ kind, path }: Source): Promise<void> {
  if (kind !== 'lmdb' && kind !== 'mongodb' && kind !== 'file') return
  const type = types[kind]
  if (type === 'mongodb') return openTransfer({ ...noPlace, type, uri: path, place: path })
  // A source tells its path, not a handle for it; the list of recents has one.
  const reply = await call('recents.list', { limit: 50 })
  const recent = reply.ok ? reply.value.recents.find((candidate) => candidate.kind === kind && candidate.path === path) : undefined
  openTransfer({ ...noPlace, type, ...(recent && { handle: recent.handle, place: path }) })
}
