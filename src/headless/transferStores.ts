/** `provscope transfer`: counted, shown, gone on with after an interruption, and truthful about what came of it. */
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { Refusal } from '#contract/reply'
import { configDir } from '#engine/session/services/configDir'
import { checkpointPath, openForForecast, openStore, type StoreAt } from '#engine/stores/openStore'
import { collectionOf, recordKinds, type Store } from '#engine/stores/store'
import { transfer, type TransferProgress, type TransferResult } from '#engine/stores/transfer'
import type { TransferFlags } from './dbCommandLine.ts'
import type { DbContext } from './dbCommands.ts'
import { progressLine } from './progress.ts'
import { mongoUri } from './queueTarget.ts'
import { textTable } from './textTable.ts'
import { WrongUse } from './wrongUse.ts'

const shownProblems = 20
const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((total, count) => total + count, 0)

export async function transferStores({ flags, source: from, target: to }: { source: string; target: string; flags: TransferFlags }, { onMissing, output, say, signal }: DbContext): Promise<void> {
  const note = (text: string): void => say(`${text}\n`)
  const at = (name: string): StoreAt => storeAt(name, (uri) => mongoUri(uri, { passwordFile: flags.mongodbPasswordFile }, { env: process.env, note }))
  const dryRun = flags.dryRun === true
  let unreadable = 0
  const source = await openStore(at(from), { readOnly: true, onWarning: (sentence) => unreadable++ < shownProblems && note(sentence) })
  const opened: Store[] = [source]
  const progress = progressLine(process.stderr)
  let read = 0
  try {
    const target = dryRun ? await openForForecast(at(to)) : await openStore(at(to), { readOnly: false, onWarning: note })
    opened.push(target)
    if (source.type === target.type && source.name === target.name) throw new WrongUse('source and target are the same store')
    const checkpoint = checkpointPath(configDir(), source, target)
    if (!dryRun && existsSync(checkpoint)) note('Going on where the last transfer between the two ended.')
    const onProgress = ({ counts, kind, total }: TransferProgress): void => {
      read = recordKinds.reduce((records, one) => records + counts[one].read, 0)
      progress.show(`${dryRun ? 'Counting' : 'Copying'} ${collectionOf[kind]}: ${number(read)} of ${number(sum(total))} records`)
    }
    const result = await transfer(source, target, { dryRun, checkpointPath: checkpoint, signal, onProgress })
    progress.end()
    await tell(result, { dryRun, json: flags.json === true, from: source.name, to: dryRun ? shown(at(to), target) : target.name }, { output, note })
    if (unreadable > shownProblems) note(`${number(unreadable - shownProblems)} more could not be read.`)
    if (unreadable > 0 || result.problems.some(({ effect }) => effect === 'left-out') || recordKinds.some((kind) => result.counts[kind].different > 0)) onMissing()
  } catch (error) {
    progress.end()
    if (!dryRun && read > 0 && error instanceof Refusal) note(`${number(read)} records were copied and stay; the same command again goes on from there.`)
    throw error
  } finally {
    for (const store of opened) await store.close()
  }
}

/** What a name means: an address, a file of lines, or a folder. */
function storeAt(name: string, withPassword: (uri: string) => string): StoreAt {
  if (/^mongodb(?:\+srv)?:\/\//i.test(name)) return { type: 'mongodb', uri: withPassword(name) }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) throw new WrongUse(`${name.split('://')[0]}:// is no store: a transfer is between LMDB folders, MongoDB and buffer files`)
  const path = resolve(name)
  if (/\.(?:gz|zst)$/i.test(name)) throw new WrongUse(`${name} is compressed: decompress it first`)
  const isFile = /\.(?:jsonl|ndjson)$/i.test(name) || (existsSync(path) && statSync(path).isFile())
  return { type: isFile ? 'jsonl' : 'lmdb', path }
}

function shown(at: StoreAt, target: Store): string {
  return at.type === 'mongodb' ? target.name : at.path
}

type Told = { dryRun: boolean; json: boolean; from: string; to: string }

async function tell(result: TransferResult, { dryRun, from, json, to }: Told, { note, output }: { output: DbContext['output']; note: (text: string) => void }): Promise<void> {
  const { counts, different, problemCount, problems, resumedAfter } = result
  if (json) await output.write(`${JSON.stringify({ from, to, dryRun, resumed: resumedAfter !== null, counts, problemCount, problems, different })}\n`)
  else await output.write(`${table(counts, dryRun)}\n`)
  for (const { effect, field, id, kind, reason } of problems.slice(0, shownProblems)) note(`${kind} ${id ?? ''}${field === '' ? '' : ` › ${field}`}: ${reason} ${effect === 'left-out' ? 'Left out.' : ''}`.trimEnd())
  if (problemCount > shownProblems) note(`${number(problemCount - shownProblems)} more values could not be kept as they are${json ? '' : '; --json lists them'}.`)
  for (const { fields, id, kind } of different.slice(0, shownProblems)) note(`${kind} ${id} differs when read back: ${fields.join(', ')}`)
}

function table(counts: TransferResult['counts'], dryRun: boolean): string {
  const names = dryRun ? ['read', 'would be new', 'would change', 'equal already'] : ['read', 'new', 'changed', 'equal already', 'different']
  const rows = recordKinds.map((kind) => {
    const { changed, created, different, equal, read } = counts[kind]
    return [collectionOf[kind], ...[read, created, changed, equal, ...(dryRun ? [] : [different])].map(number)]
  })
  return textTable([{ title: '', align: 'left' }, ...names.map((title) => ({ title, align: 'right' as const }))], rows, null).lines.join('\n')
}

const number = (value: number): string => value.toLocaleString('en')
