/** What the scope leaves, written into a store: counted before, merged by id, gone on with after an interruption, read back. */
import { createHash } from 'node:crypto'
import { mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ExportJob } from '#contract/exports'
import type { Params, Result } from '#contract/methods'
import { ownId, readMomentId } from '#contract/momentId'
import { Refusal } from '#contract/reply'
import type { Records } from '#contract/values'
import type { RecordKind } from '#engine/records/classify'
import { checkpointPath } from '#engine/stores/openStore'
import type { Store } from '#engine/stores/store'
import { transfer, type TransferOptions, type TransferResult } from '#engine/stores/transfer'
import type { Services } from '../handlers.ts'
import type { OpenEntry } from '../openEntry.ts'
import { exportManifest, type ManifestOf } from './manifest.ts'
import { treatSecrets } from './secrets.ts'
import { endedFigures, runningFigures, storeNotes } from './storeFigures.ts'
import { StoreRecords } from './storeRecords.ts'
import { keepKnownSecrets } from './storeSecrets.ts'
import { recordsOf, selectForStore } from './storeSelection.ts'
import { openTarget, storeTarget, type StoreTarget } from './storeTarget.ts'
import { manifestPath, writeGaps, writeText } from './writeFile.ts'

type Asked = Params<'exports.store'>
type Context = { readonly signal: AbortSignal; readonly onChange: (change: Partial<ExportJob>) => void; readonly target: string }
type Running = Context & { readonly entry: OpenEntry; readonly key: string; readonly checkpoint: string | null }

/** Exports by their checkpoint: two at once would take each other's. */
const underWay = new Set<string>()

export async function startStoreExport(services: Services, params: Asked): Promise<Result<'exports.store'>> {
  const target = storeTarget(params.to, services.grants)
  const entry = services.sources.entry(ownId(params.sourceId))
  if (entry.named[0] === target.address) throw new Refusal('bad-request', 'These records are of that store already. Choose another one.')
  const { following, live, state } = entry.describe()
  if (state === 'reading' && !following && live === null) throw new Refusal('unavailable', 'The source is still being read. Export it once it is.')
  await services.sources.table(params.sourceId)
  const { type } = target.at
  const key = keyOf(entry, params)
  const checkpoint = params.dryRun ? null : checkpointPath(services.transfers.configFolder, { type: 'export', name: key }, { type, name: target.address })
  if (checkpoint !== null && underWay.has(checkpoint)) throw new Refusal('unavailable', 'This export into this store is under way already.')
  if (checkpoint !== null) underWay.add(checkpoint)
  const run = async (context: Context): Promise<Partial<ExportJob>> => {
    try {
      return await new StoreExport(services, params, target, { entry, key, checkpoint, ...context }).run()
    } finally {
      if (checkpoint !== null) underWay.delete(checkpoint)
    }
  }
  return services.exports.startJob({ kind: type, name: target.title, dryRun: params.dryRun, path: type === 'lmdb' ? target.address : null, run })
}

class StoreExport {
  private readonly warnings: string[] = []
  /** Records that were, so far. */
  private written = 0
  private readonly startedAt = new Date()

  constructor(
    private readonly services: Services,
    private readonly params: Asked,
    private readonly target: StoreTarget,
    private readonly context: Running
  ) {}

  async run(): Promise<Partial<ExportJob>> {
    const { params, services } = this
    const { entry, key, signal } = this.context
    const { release, table } = await services.sources.hold(params.sourceId)
    const selection = await selectForStore(table, params, signal).catch((error: unknown) => {
      release()
      throw error
    })
    try {
      const name = `${key} ${await fingerprint(entry)}`
      const records = new StoreRecords({ table, selection, name, secrets: params.secrets, bytesStay: entry.describe().kind === 'mongodb', signal })
      const total = { task: selection.kinds.task.total, workflow: selection.kinds.workflow.total, agent: selection.kinds.agent.total, object: selection.kinds.object.total }
      const result = await this.withTarget(async (store) => await this.write(records, store))
      const ended = this.ended(result, total, records)
      return { ...ended, ...(await this.beside(ended, records)) }
    } catch (error) {
      throw this.explained(error)
    } finally {
      await selection.close()
      release()
    }
  }

  /** Closed as soon as it is cancelled: a server that does not answer is not waited for. */
  private async withTarget<T>(use: (store: Store) => Promise<T>): Promise<T> {
    const { signal } = this.context
    const store = await openTarget(this.target, { dryRun: this.params.dryRun, onWarning: (sentence) => this.warnings.push(sentence) })
    const close = (): void => void store.close()
    if (store.type === 'mongodb') signal.addEventListener('abort', close)
    try {
      return await use(store)
    } finally {
      signal.removeEventListener('abort', close)
      await store.close()
    }
  }

  private async write(records: StoreRecords, store: Store): Promise<TransferResult> {
    const { dryRun, secrets } = this.params
    const { checkpoint, onChange, signal } = this.context
    const options: TransferOptions = {
      dryRun,
      checkpointPath: checkpoint ?? undefined,
      signal,
      select: (_kind, existing, messages) => (existing === undefined ? messages : messages.map((message) => keepKnownSecrets(message, existing, secrets))),
      example: (value, field) => treatSecrets(value, 'replace', field).document,
      onProgress: (progress) => {
        const figures = runningFigures(progress)
        this.written = figures.rows
        onChange({ ...figures, bytes: records.bytes })
      }
    }
    return await transfer(records, store, options)
  }

  private ended(result: TransferResult, total: Record<RecordKind, number>, records: StoreRecords): Partial<ExportJob> {
    const indexes = this.warnings.map((reason) => ({ kind: 'index', id: null, field: '', reason }))
    const figures = endedFigures(result, total, [{ problemCount: indexes.length, problems: indexes }, records])
    const failed = figures.checks.filter(({ ok }) => !ok)
    if (this.params.dryRun) return { ...figures, checks: [], bytes: records.bytes }
    if (failed.length === 0) return { ...figures, bytes: records.bytes }
    const [first] = result.different
    const named = first === undefined ? '' : ` The first of them is ${first.kind} ${first.id}, in ${first.fields.slice(0, 5).join(', ')}.`
    return { ...figures, bytes: records.bytes, state: 'failed', error: `Read back, the store does not hold all of it: ${failed.map(({ expected, found, what }) => `${what} ${found} of ${expected}`).join(', ')}.${named}` }
  }

  /** What is laid beside a folder, and, of a database elsewhere, in a private folder to be downloaded from. */
  private async beside(ended: Partial<ExportJob>, records: StoreRecords): Promise<Partial<ExportJob>> {
    const { params, services } = this
    const { signal, target } = this.context
    if (params.dryRun) return {}
    if (this.target.at.type === 'mongodb') await mkdir(dirname(target), { recursive: true, mode: 0o700 })
    const gaps = await writeGaps(target, async () => await services.live.queues.gapsOf(ownId(params.sourceId)))
    if (!params.manifest) return { gaps }
    const manifest = await exportManifest(services, params.sourceId, this.manifestOf(ended, records), signal)
    await writeText(manifestPath(target), manifest)
    return { gaps, manifest }
  }

  private manifestOf({ checks = [], store }: Partial<ExportJob>, { treated }: StoreRecords): ManifestOf {
    const { records, related: withRelated, scope, secrets } = this.params
    const totals = Object.entries(store?.total ?? {}).map(([kind, count]) => [recordsOf[kind as RecordKind], count] as const)
    // Of messages, whatever records they came for.
    const isAsked = (name: Records): boolean => records === 'messages' || name === records
    return {
      format: this.target.at.type,
      result: { address: this.target.address },
      selection: { records, scope, sort: [], columns: null, related: withRelated },
      rows: totals.reduce((sum, [name, count]) => sum + (isAsked(name) ? count : 0), 0),
      related: Object.fromEntries(totals.filter(([name, count]) => !isAsked(name) && count > 0)),
      secrets: { treatment: secrets, values: treated },
      checks,
      notes: store ? storeNotes(store) : [],
      startedAt: this.startedAt
    }
  }

  private explained(error: unknown): unknown {
    if (!(error instanceof Error)) return error
    const message = this.target.scrub(error.message)
    const goesOn = this.written > 0 && !this.params.dryRun ? ` ${this.written.toLocaleString('en')} records were written and stay; the same export again goes on from there.` : ''
    if (error instanceof Refusal) return new Refusal(error.code, `${message}${goesOn}`)
    return new Error(`${message}${goesOn}`, { cause: error })
  }
}

/** What is exported and how, without what the source has grown to. */
function keyOf({ named }: OpenEntry, { records, related, scope, secrets, sourceId }: Asked): string {
  return createHash('sha256').update(JSON.stringify([named, readMomentId(sourceId)?.at ?? null, records, scope, related, secrets])).digest('hex')
}

/**
 * Changes where the source has: what a checkpoint counted may be in another place then, or be other records. A database elsewhere and a queue
 * do not tell whether they have, so that theirs is of this reading alone.
 */
async function fingerprint(entry: OpenEntry): Promise<string> {
  const { counts, files, kind, loadSeconds, revision, totalBytes } = entry.describe()
  const paths = kind === 'lmdb' ? entry.named.map((path) => join(path, 'data.mdb')) : entry.named
  const changed = await Promise.all(paths.map(async (path) => await stat(path).then(({ mtimeMs, size }) => [mtimeMs, size], () => null)))
  const reading = changed.includes(null) ? [revision, loadSeconds] : []
  return createHash('sha256').update(JSON.stringify([counts, files, totalBytes, changed, reading])).digest('hex')
}
