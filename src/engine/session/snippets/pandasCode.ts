/** The view as a pandas DataFrame. */
import { mongoReading } from './pymongoCode.ts'
import type { PythonPart } from './pythonParts.ts'
import { dataFrameScript, type PythonReading } from './pythonRecords.ts'
import { pythonList, pythonText, quoted } from './pythonText.ts'
import { singularOf, type SnippetView, Unsayable } from './snippetView.ts'

export function pandasCode(view: SnippetView): { code: string; notes: string[] } {
  const { code, notes } = dataFrameScript(view, readingOf(view))
  return { code, notes: ['Needs pandas.', ...notes] }
}

function readingOf(view: SnippetView): PythonReading {
  const { source } = view
  if (source.kind === 'files') return fileReading(view, source)
  if (source.kind === 'lmdb') return lmdbReading(view, source)
  if (source.kind === 'mongodb') return mongoReading(view, source)
  throw new Unsayable(source.why)
}

/** `files`, and `messages` of all lines of them. */
export function fileReading({ at }: Pick<SnippetView, 'at'>, { paths, rejects }: { readonly paths: readonly string[]; readonly rejects: boolean }): PythonReading {
  const parts: PythonPart[] = rejects ? ['objects'] : []
  const { imports, notes, opening } = openingOf(paths)
  const lines = rejects ? `objects(${opening('file')})` : `(json.loads(line) for line in ${opening('file')} if line.strip())`
  const text = [`files = ${pythonList(paths)}`]
  if (at !== null) text.push('', '', 'def read(file):', `    return ${lines}`, '', '')
  else text.push(`messages = [message for file in files for message in ${rejects ? lines : lines.slice(1, -1).replace('json.loads(line) for line in', 'map(json.loads, filter(bytes.strip,').replace(' if line.strip()', '))')}]`)
  return { imports: ['import json', ...imports], parts, text: text.join('\n'), notes }
}

/** How files are opened as lines of bytes. */
export function openingOf(paths: readonly string[]): { imports: string[]; notes: string[]; opening: (file: string) => string } {
  const has = (ending: RegExp): boolean => paths.some((path) => ending.test(path))
  const [gzip, zstd, plain] = [has(/\.gz$/i), has(/\.zst$/i), has(/(?<!\.gz|\.zst)$/i)]
  const imports = [...(gzip ? ['import gzip'] : []), ...(zstd ? ['import io', 'import pyarrow'] : [])]
  const notes = zstd ? ['Needs pyarrow, which reads Zstandard.'] : []
  const opening = (file: string): string => {
    const ways: string[] = []
    if (gzip) ways.push(plain || zstd ? `gzip.open(${file}) if ${file}.endswith(".gz")` : `gzip.open(${file})`)
    if (zstd) ways.push(plain ? `io.BufferedReader(pyarrow.input_stream(${file}, compression="zstd")) if ${file}.endswith(".zst")` : `io.BufferedReader(pyarrow.input_stream(${file}, compression="zstd"))`)
    if (plain) ways.push(`open(${file}, "rb")`)
    return ways.length === 1 ? (ways[0] as string) : `(${ways.join(' else ')})`
  }
  return { imports, notes, opening }
}

/** Records as Flowcept and Provscope store them: JSON by id, one named database a kind. */
export function lmdbReading({ records }: SnippetView, { path }: { readonly path: string }): PythonReading {
  if (records === 'messages') throw new Unsayable('A store holds records, not messages: show tasks, workflows or agents.')
  const kind = singularOf[records]
  const text = `
with lmdb.open(${quoted(path)}, readonly=True, lock=False, max_dbs=10) as environment, environment.begin() as transaction:
    stored = transaction.cursor(environment.open_db(${pythonText(records)}.encode(), transaction, create=False))
    messages = [{**json.loads(value), "type": "${kind}", "${kind}_id": key.decode()} for key, value in stored]
`
  return { imports: ['import json', 'import lmdb'], parts: [], text, notes: ['Needs lmdb.'] }
}
