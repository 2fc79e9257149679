/** What becomes a file: who fills it, who reads it back, and what is laid beside it. */
import type { ExportCheck, ExportJob } from '#contract/exports'

export type Progress = { readonly rows: number; readonly bytes: number }
/** Takes some bytes; the next come when it has taken them. */
export type Sink = (bytes: Uint8Array) => Promise<void>

export type WritingContext = {
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
  /** Where the bytes go that the sink takes. Who fills it by this name leaves the sink alone, and says so by `fillsPath`. */
  readonly path: string
}

/** Of a file that has been written, and read back if somebody did. */
export type Written = Progress & { readonly name: string; readonly sha256: string; readonly checks: readonly ExportCheck[] }

/** A file to be written: what it is called where a browser downloads it, and who fills it. */
export type Writing = {
  readonly kind: ExportJob['kind']
  readonly name: string
  /** Where it goes; without one it is kept for download. */
  readonly handle?: string | undefined
  /** How many rows there will be; 0 for what has none. */
  readonly countRows: (signal: AbortSignal) => Promise<number>
  readonly write: (sink: Sink, context: WritingContext) => Promise<Progress>
  readonly fillsPath?: boolean
  /** The file grows where it lies while what it is of goes on; what is there when it is cancelled stays. */
  readonly isGrowing?: boolean
  /** Reads what was written back by another way and compares it, before it takes its place: what fails here is not kept. */
  readonly check?: ((path: string, context: { readonly signal: AbortSignal; readonly onProgress: (rows: number) => void }) => Promise<ExportCheck[]>) | undefined
  /** Text of `<name>.manifest.json`; called once all else is known. */
  readonly manifest?: ((written: Written) => Promise<string>) | undefined
  /** What is known to be missing of it, as JSON text that is laid beside it; null if nothing is. */
  readonly gaps?: (() => Promise<string | null>) | undefined
  /** Whatever was made for it, once it is written, cancelled or failed. */
  readonly close?: (() => Promise<void>) | undefined
}

/** A job of the list that becomes no file of its own. */
export type Work = {
  readonly kind: ExportJob['kind']
  readonly name: string
  readonly dryRun: boolean
  /** Where it lies once it is done, for people to find; null for what is no place on this machine. What is laid beside it goes by this name too. */
  readonly path: string | null
  /** Tells how it goes on, and answers with what it ended as: `done` unless that says otherwise. */
  readonly run: (context: { readonly signal: AbortSignal; readonly onChange: (change: Partial<ExportJob>) => void; readonly target: string }) => Promise<Partial<ExportJob>>
}
