/** Tells when a store has changed since it was read: by a stamp that is cheap to ask for, and that another process's write changes. */
import { readLmdbFormat } from '#engine/stores/lmdbFormat'
import { type MongoStore } from '#engine/stores/mongoStore'
import { collectionOf, recordKinds } from '#engine/stores/store'

/** `sizeBytes` is what it takes on disk, 0 where that is not known. */
export type StoreStamp = { readonly mark: string; readonly sizeBytes: number }

/** Of the data file's own first pages, without opening the environment. @throws Refusal for what can no longer be read */
export function lmdbStamp(path: string): StoreStamp {
  const format = readLmdbFormat(path)
  return format.state === 'none' ? { mark: 'none', sizeBytes: 0 } : { mark: String(format.lastTransaction), sizeBytes: format.usedBytes }
}

/**
 * How many documents each collection has, and the latest of them: what an inserter changes all the time. Changes within documents that
 * are there alone go unseen. @throws Refusal `unavailable`
 */
export async function mongoStamp(store: MongoStore): Promise<StoreStamp> {
  const { connection } = store
  const marks = await connection.run(
    async () =>
      await Promise.all(
        recordKinds.map(async (kind) => {
          const collection = connection.db.collection(collectionOf[kind])
          const [count, latest] = await Promise.all([collection.estimatedDocumentCount(), collection.findOne({}, { sort: { _id: -1 }, projection: { _id: 1 } })])
          return `${count}:${String(latest?._id)}`
        })
      )
  )
  return { mark: marks.join(' '), sizeBytes: 0 }
}

/** A document of a run with telemetry takes some kilobytes; where a server does not tell, this is its size. */
const guessedDocumentBytes = 1500

/** What the records take in the server, for progress. */
export async function mongoBytes(store: MongoStore): Promise<number> {
  const { connection } = store
  const sizes = recordKinds.map(async (kind) => {
    const name = collectionOf[kind]
    try {
      const { size } = await connection.db.command({ collStats: name })
      return Number(size)
    } catch {
      // Not every server tells, nor every user is told.
      return (await connection.db.collection(name).estimatedDocumentCount()) * guessedDocumentBytes
    }
  })
  return (await connection.run(async () => await Promise.all(sizes))).reduce((sum, size) => sum + (Number.isFinite(size) ? size : 0), 0)
}

/** Asks every so often, one question at a time; what fails is asked again. Returns a function that ends this. */
export function watchStore(ask: () => StoreStamp | Promise<StoreStamp>, everyMs: number, onStamp: (stamp: StoreStamp) => void): () => void {
  let isOver = false
  let timer: NodeJS.Timeout | undefined
  const later = (): void => {
    if (!isOver) timer = setTimeout(() => void look(), everyMs).unref()
  }
  const look = async (): Promise<void> => {
    try {
      const stamp = await ask()
      if (!isOver) onStamp(stamp)
    } catch {
      // Away, or being copied over: what has been read stays, and the next look will tell.
    }
    later()
  }
  later()
  return () => {
    isOver = true
    clearTimeout(timer)
  }
}
