/** What DuckDB says of a statement, as a sentence for who wrote it: without names and places that are not theirs. */
import { Refusal } from '#contract/reply'
import { sqlMistake } from './sqlMistake.ts'

type Told = { readonly exception_type?: string; readonly exception_message?: string; readonly position?: string; readonly error_subtype?: string; readonly name?: string }
type Of = {
  readonly text: string
  /** What stood before the statement in what was run. */
  readonly skipBytes: number
  readonly placeOf: (byte: number) => number | null
  readonly noColumn: (name: string) => string
  /** What was run. */
  readonly sql: string
}

/** Connections that run statements have `errors_as_json` set. */
export function statementError(error: unknown, { noColumn, placeOf, skipBytes, text }: Of): Error {
  if (error instanceof Refusal) return error
  const message = error instanceof Error ? error.message : String(error)
  const told = readTold(message)
  if (told === null) return error instanceof Error ? error : new Error(message)
  if (told.exception_type === 'INTERRUPT' || told.exception_type === 'Interrupt') return new Refusal('cancelled', 'The query was cancelled.')
  if (told.exception_type === 'INTERNAL' || told.exception_type === 'FATAL') return new Error(message)
  if (told.exception_type === 'Out of Memory') return new Refusal('unavailable', 'This needs more memory than there is for queries. Select fewer columns or rows, or aggregate.')
  const byte = Number(told.position ?? NaN) - skipBytes
  return sqlMistake(text, Number.isNaN(byte) || byte < 0 ? null : placeOf(byte), sentence(told, noColumn))
}

function readTold(message: string): Told | null {
  const json = /\{"exception_type".*\}/s.exec(message)?.[0]
  if (json !== undefined) {
    try {
      return JSON.parse(json) as Told
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  }
  const plain = /(?:^|Error: )(\w[\w ]*?) Error: ([\s\S]*)$/.exec(message)
  return plain === null ? null : { exception_type: plain[1] as string, exception_message: plain[2] as string }
}

function sentence({ error_subtype, exception_message = '', name }: Told, noColumn: (name: string) => string): string {
  if (error_subtype === 'COLUMN_NOT_FOUND' && name !== undefined) return `${noColumn(name)}.`
  const nested = readNested(exception_message)
  const [first = ''] = nested.split(/\n\s*\n|\n\s*Candidate functions:|\nLINE /)
  const plain = first
    .replaceAll(/"?temp"?\."?main"?\./g, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim()
  return /[.!?]$/.test(plain) ? plain : `${plain}.`
}

/** Errors of a running query come wrapped into another. */
function readNested(message: string): string {
  return /\nError: (?:[\w ]+ Error: )?([\s\S]*)$/.exec(message)?.[1] ?? message
}
