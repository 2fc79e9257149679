/** What turns the bytes of a compressed file into text, piece by piece. */

export interface Decoder {
  /**
   * Text that `chunk` gives, in pieces of bounded size.
   * @throws DamagedData; what was yielded before holds
   */
  decode(chunk: Uint8Array): AsyncIterable<Uint8Array>
  /** Whether the data could end here: it stands between two compressed streams. */
  readonly complete: boolean
  close(): void
}

/** The compressed data make no sense from here on. */
export class DamagedData extends Error {
  constructor(
    /** Offset in the compressed data, as near as can be told. */
    readonly compressedByte: number,
    why: string
  ) {
    super(why)
    this.name = 'DamagedData'
  }
}

/** For data that are not compressed. */
export const plainDecoder: Decoder = {
  complete: true,
  async *decode(chunk) {
    yield chunk
  },
  close() {}
}
