/** What a file is by its first bytes; its name is not asked. */

export type Encoding = 'plain' | 'gzip' | 'zstd'

/** As many bytes as are needed to tell. */
export const magicBytes = 6

export function encodingOf(head: Uint8Array): Encoding {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  return isZstd(head) ? 'zstd' : 'plain'
}

/** What it is instead, for files that can only be a mistake: `a zip archive`. */
export function foreignFormat(head: Uint8Array): string | null {
  for (const [format, ...magic] of foreign) {
    if (head.length >= magic.length && magic.every((byte, i) => head[i] === byte)) return format
  }
  return null
}

function isZstd(head: Uint8Array): boolean {
  const skippable = head[0] !== undefined && head[0] >= 0x50 && head[0] <= 0x5f && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18
  return skippable || (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd)
}

const foreign: [format: string, ...magic: number[]][] = [
  ['a zip archive', 0x50, 0x4b, 0x03, 0x04],
  ['a bzip2 file', 0x42, 0x5a, 0x68],
  ['an xz file', 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
  ['an lz4 file', 0x04, 0x22, 0x4d, 0x18],
  ['a Parquet file', 0x50, 0x41, 0x52, 0x31],
  ['a SQLite database', 0x53, 0x51, 0x4c, 0x69, 0x74, 0x65],
  ['an HDF5 file', 0x89, 0x48, 0x44, 0x46],
  ['UTF-16 text', 0xff, 0xfe],
  ['UTF-16 text', 0xfe, 0xff]
]
