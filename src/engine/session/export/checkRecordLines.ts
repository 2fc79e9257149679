/** Whole records read back line by line with the JSON parser: which they are, and every field beside the table's cells. */
import type { ExportCheck, SecretTreatment } from '#contract/exports'
import { field, isJsonObject, parseJson, type JsonObject, type JsonValue } from '#contract/json'
import type { Records } from '#contract/values'
import { idField } from '#engine/records/classify'
import type { SqlResult } from '../table/sourceTable.ts'
import { jsonValueCell, jsonValueOf, normalJson } from './checkRowLines.ts'
import { RowComparison, sameValue } from './compareRows.ts'
import { linesIn } from './linesIn.ts'
import type { OutTable } from './outTable.ts'
import { kindOf } from './recordLines.ts'
import { redacted, redactedInAddress } from './secrets.ts'
import { check, number } from './tableFacts.ts'

type Value = SqlResult[number]
const linesAtOnce = 1000

export type RecordCheck = { readonly out: OutTable; readonly records: Records; readonly secrets: SecretTreatment; /** Lines before those of the table. */ readonly relatedTotal: number }

export async function checkRecordLines({ out, records, relatedTotal, secrets }: RecordCheck, path: string, { onProgress, signal }: { signal: AbortSignal; onProgress: (rows: number) => void }): Promise<ExportCheck[]> {
  // What is computed is no field.
  const columns = out.columns.filter(({ derived, type }) => !derived && type !== 'empty')
  const comparison = new RowComparison({ ...out, columns }, columns.map(jsonValueCell), signal, { normal: normalFinite, mayBe: secrets === 'keep' ? () => false : isTreated })
  let related = 0
  let others = 0
  let batch: JsonObject[] = []
  const compare = async (): Promise<void> => {
    const rows = batch.map(leavesOf)
    batch = []
    if (rows.length > 0) await comparison.next(rows.length, (row, { name }, _, should) => chosen(rows[row]?.get(name) ?? [], should))
    onProgress(comparison.rows)
  }
  for await (const line of linesIn(path, signal)) {
    const document = parseJson(line)
    if (!isJsonObject(document)) return [check('records', 'JSON objects', 'something else', false)]
    if (records !== 'messages' && related < relatedTotal) {
      related++
      continue
    }
    if (records !== 'messages' && (field(document, 'type') !== kindOf[records] || !Object.hasOwn(document, idField[kindOf[records]]))) others++
    if (batch.push(document) === linesAtOnce) await compare()
  }
  await compare()
  const before = relatedTotal === 0 ? [] : [check('records they belong to', number(relatedTotal), number(related))]
  return [...before, check('records without kind or id', '0', number(others)), ...comparison.checks()]
}

/** By dotted name, as columns have them, of which two fields may share one; empty dicts have none. */
function leavesOf(document: JsonObject): Map<string, JsonValue[]> {
  const leaves = new Map<string, JsonValue[]>()
  const open: { dict: JsonObject; prefix: string }[] = [{ dict: document, prefix: '' }]
  for (let next = open.pop(); next; next = open.pop()) {
    for (const key of Object.keys(next.dict)) {
      const value = field(next.dict, key) as JsonValue
      const name = next.prefix + key
      if (isJsonObject(value)) open.push({ dict: value, prefix: `${name}.` })
      else leaves.set(name, [...(leaves.get(name) ?? []), value])
    }
  }
  return leaves
}

function chosen(values: readonly JsonValue[], should: Value): Value {
  const found = values.map(jsonValueOf)
  return found.find((value) => sameValue(should, value)) ?? found[0] ?? null
}

function normalFinite(value: Value, column: OutTable['columns'][number]): Value {
  const normal = normalJson(value, column)
  return typeof normal === 'number' && !Number.isFinite(normal) ? null : normal
}

const isTreated = (found: Value): boolean => found === null || (typeof found === 'string' && (found.includes(redacted) || found.includes(redactedInAddress)))
