/** What an LMDB data file is, told from its first pages before any library touches it: a wrong one can end the process. */
import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Refusal } from '#contract/reply'

/** `none`: no data file, or an empty one, which LMDB fills. Otherwise a file in data format v1, as Python's lmdb writes it. */
export type LmdbFormat = { readonly state: 'none' } | { readonly state: 'v1'; readonly pageBytes: number; readonly usedBytes: number; readonly lastTransaction: bigint }

/**
 * A meta page, after its header of 16 bytes: magic u32, format u32, address u64, map size u64, two databases of 48 bytes (the first
 * of which begins with the page size, u32), the last page's number u64, the transaction's number u64. Two such pages begin a file.
 */
const headerBytes = 16
const magic = 0xbeefc0de
const metaBytes = 152

/**
 * @param path the environment's directory
 * @throws Refusal for a file that is not LMDB's, is in another format, or was cut off
 */
export function readLmdbFormat(path: string): LmdbFormat {
  if (existsSync(path) && !statSync(path).isDirectory()) refuse(path, 'is a file; an LMDB environment is a directory that holds data.mdb.')
  const file = join(path, 'data.mdb')
  if (!existsSync(file)) return { state: 'none' }
  if (!statSync(file).isFile()) refuse(path, 'holds a data.mdb that is no file.')
  const descriptor = openSync(file, 'r')
  try {
    const sizeBytes = fstatSync(descriptor).size
    return sizeBytes === 0 ? { state: 'none' } : check(path, descriptor, sizeBytes)
  } finally {
    closeSync(descriptor)
  }
}

function check(path: string, descriptor: number, sizeBytes: number): LmdbFormat {
  const first = readMeta(path, descriptor, 0, 'first')
  const pageBytes = first.readUInt32LE(headerBytes + 24)
  if (pageBytes < 512 || pageBytes > 65536 || (pageBytes & (pageBytes - 1)) !== 0) refuse(path, `holds a data.mdb whose pages are said to be of ${pageBytes} bytes, which cannot be.`)
  const second = readMeta(path, descriptor, pageBytes, 'second')
  const newest = transaction(second) > transaction(first) ? second : first
  const needed = (newest.readBigUInt64LE(headerBytes + 120) + 1n) * BigInt(pageBytes)
  // A page that lies behind the end of a mapped file is a bus error, which ends the process.
  if (BigInt(sizeBytes) < needed) refuse(path, `holds a data.mdb that was cut off: ${sizeBytes.toLocaleString('en')} of ${needed.toLocaleString('en')} bytes are there.`)
  return { state: 'v1', pageBytes, usedBytes: Number(needed), lastTransaction: transaction(newest) }
}

function readMeta(path: string, descriptor: number, position: number, which: string): Buffer {
  const page = Buffer.alloc(metaBytes)
  if (readSync(descriptor, page, 0, metaBytes, position) < metaBytes) refuse(path, `holds a data.mdb without LMDB's ${which} page: it is no LMDB file, or was cut off.`)
  if (page.readUInt32LE(headerBytes) !== magic) {
    refuse(path, page.readUInt32BE(headerBytes) === magic ? 'was written on a big-endian machine; it can only be read on one.' : `holds a data.mdb that is no LMDB file (its ${which} page has no LMDB mark).`)
  }
  const format = page.readUInt32LE(headerBytes + 4)
  if (format !== 1) {
    refuse(path, `is in LMDB data format v${format}; Flowcept's Python reads and writes v1, and so does Provscope. Copy it with mdb_dump and mdb_load of LMDB 0.9 to convert it.`)
  }
  return page
}

function transaction(meta: Buffer): bigint {
  return meta.readBigUInt64LE(headerBytes + 128)
}

function refuse(path: string, what: string): never {
  throw new Refusal('bad-request', `${path} ${what}`)
}
