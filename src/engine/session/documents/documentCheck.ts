/** Reads a document back from the disk: whether it is what was written, and whether all of it is there. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Unzip, UnzipInflate } from 'fflate'
import type { DocumentFormat, ExportCheck } from '#contract/exports'
import type { CrateFile } from './crate/crateZip.ts'

/** What its maker knows of it. */
export type Expected = { readonly sha256: string; /** Of PROV: one a line in either notation. */ readonly statements?: number; /** Of a crate. */ readonly files?: readonly CrateFile[] }

const statementLine = { 'prov-json': /^ {4}"/, 'prov-n': /^ {2}(?!prefix )\w/ } as const
/** So much of a line says what it is. */
const headLength = 12

export async function checkDocument(path: string, format: DocumentFormat, { files, sha256, statements }: Expected, signal: AbortSignal): Promise<ExportCheck[]> {
  const hash = createHash('sha256')
  const lines = format === 'prov-json' || format === 'prov-n' ? new LineHeads((head) => statementLine[format].test(head)) : null
  const zip = files === undefined ? null : new ZipHashes()
  for await (const chunk of createReadStream(path, { signal })) {
    const bytes = chunk as Uint8Array
    hash.update(bytes)
    lines?.push(bytes)
    zip?.push(bytes)
  }
  zip?.push(new Uint8Array(0), true)
  const whole = check('SHA-256', sha256, hash.digest('hex'))
  const counted = lines && statements !== undefined ? [check('statements', String(statements), String(lines.count))] : []
  return [whole, ...counted, ...(files ?? []).map((file) => check(file.name, file.sha256, zip?.hashes.get(file.name) ?? 'not there'))]
}

function check(what: string, expected: string, found: string): ExportCheck {
  return { what, expected, found, ok: expected === found }
}

/** Counts lines by how they begin, however long they are. */
class LineHeads {
  count = 0
  private head = ''

  constructor(private readonly isOne: (head: string) => boolean) {}

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const end = bytes.indexOf(10, at)
      const stop = end === -1 ? bytes.length : end
      if (this.head.length < headLength) this.head += String.fromCharCode(...bytes.subarray(at, Math.min(stop, at + headLength - this.head.length)))
      at = stop + 1
      if (end === -1) break
      if (this.isOne(this.head)) this.count++
      this.head = ''
    }
  }
}

/** The hash of each file in a zip, as its bytes come. */
class ZipHashes {
  readonly hashes = new Map<string, string>()
  private readonly unzip = new Unzip((file) => {
    const hash = createHash('sha256')
    file.ondata = (error, bytes, isLast) => {
      if (error) throw error
      hash.update(bytes)
      if (isLast) this.hashes.set(file.name, hash.digest('hex'))
    }
    file.start()
  })

  constructor() {
    this.unzip.register(UnzipInflate)
  }

  push(bytes: Uint8Array, isLast = false): void {
    this.unzip.push(bytes, isLast)
  }
}
