/** Objects of a card: models, datasets and whatever else was saved. */
import { field, type JsonObject, type JsonValue } from '#contract/json'
import { asFloat, timeText } from './asFloat.ts'
import { countsOf, groupedBy } from './cardActivities.ts'
import { bytesText, markdownTable, nestedLines } from './cardText.ts'
import { textOr } from './cardTasks.ts'
import { pyCounts, pyStr, sortedTexts } from './pythonText.ts'

const mostOfType = 5

export type ObjectFigures = { readonly total: number; readonly byType: ReadonlyMap<string, number>; readonly byStorage: ReadonlyMap<string, number>; readonly sizes: readonly number[] }

export function objectFigures(objects: readonly JsonObject[]): ObjectFigures {
  return {
    total: objects.length,
    byType: countsOf(objects.map((one) => textOr(field(one, 'object_type'), 'unknown'))),
    byStorage: countsOf(objects.map(storageOf)),
    sizes: objects.flatMap((one) => asFloat(field(one, 'object_size_bytes')) ?? []).filter((size) => size >= 0).map(Math.trunc)
  }
}

function storageOf(object: JsonObject): string {
  return 'data' in object ? 'in_object' : 'grid_fs_file_id' in object ? 'gridfs' : 'unknown'
}

export function objectLines(objects: readonly JsonObject[]): string[] {
  if (objects.length === 0) return ['*No object artifacts were recorded for this run.*', '']
  const { byStorage, byType, sizes, total } = objectFigures(objects)
  const versions = objects.flatMap((one) => asFloat(field(one, 'version')) ?? []).map(Math.trunc)
  const [sum, most] = [sizes.reduce((a, b) => a + b, 0), sizes.reduce((a, b) => Math.max(a, b), 0)]
  const linked = (key: string): string => String(objects.filter((one) => (field(one, key) ?? null) !== null).length)
  const rows = [
    ['Total Objects', String(total)],
    ['By Type', pyCounts(byType)],
    ['By Storage', pyCounts(byStorage)],
    ['Task-linked Objects', linked('task_id')],
    ['Workflow-linked Objects', linked('workflow_id')],
    ['Max Version', versions.length > 0 ? String(versions.reduce((a, b) => Math.max(a, b))) : 'None'],
    ['Total Size', bytesText(sum)],
    ['Average Size', bytesText(sizes.length > 0 ? sum / sizes.length : null)],
    ['Max Size', bytesText(most)]
  ]
  return ['### Object Artifacts Summary', '', '### Input Artifacts', '', markdownTable(['Metric', 'Value'], rows), ...detailLines(objects), '']
}

function detailLines(objects: readonly JsonObject[]): string[] {
  const groups = groupedBy(objects, (one) => textOr(field(one, 'object_type'), 'unknown'))
  return ['### Object Details by Type', ...sortedTexts(groups.keys()).flatMap((type) => [`- **${typeHeader(type)}:**`, ...latest(groups.get(type) ?? []).flatMap(oneObject)])]
}

function latest(objects: readonly JsonObject[]): JsonObject[] {
  const ranked = objects.map((object, at) => ({ object, at, time: timestampOf(object) ?? -Infinity, version: asFloat(field(object, 'version')) ?? -Infinity }))
  const order = (a: number, b: number): number => (a === b ? 0 : b - a)
  return ranked.toSorted((a, b) => order(a.time, b.time) || order(a.version, b.version) || b.at - a.at).slice(0, mostOfType).map(({ object }) => object)
}

function oneObject(object: JsonObject): string[] {
  const text = (key: string, fallback = '-'): string => textOr(field(object, key), fallback)
  const tags = field(object, 'tags')
  return [
    `  - \`${text('object_id', 'unknown')}\` (version=\`${text('version')}\`, storage=\`${storageOf(object)}\`, size=\`${bytesText(asFloat(field(object, 'object_size_bytes')))}\`)`,
    `    - task_id: \`${text('task_id')}\``,
    `    - workflow_id: \`${text('workflow_id')}\``,
    `    - timestamp: \`${timeText(timestampOf(object))}\``,
    `    - sha256: \`${text('data_sha256')}\``,
    ...(Array.isArray(tags) && tags.length > 0 ? [`    - tags: \`${tags.map((tag: JsonValue) => pyStr(tag)).join(', ')}\``] : []),
    '    - custom_metadata:',
    '    ```yaml',
    ...nestedLines(field(object, 'custom_metadata') ?? {}).map((line) => `    ${line}`),
    '    ```'
  ]
}

function timestampOf(object: JsonObject): number | null {
  for (const key of ['updated_at', 'utc_timestamp', 'timestamp', 'ended_at', 'started_at', 'created_at', 'submitted_at']) {
    const time = asFloat(field(object, key))
    if (time !== null) return time
  }
  return null
}

function typeHeader(type: string): string {
  const plain = type.toLowerCase().trim()
  if (plain === 'ml_model' || plain === 'model') return 'Models'
  if (plain === 'dataset' || plain === 'data_set') return 'Datasets'
  return `${type.replaceAll('_', ' ').replaceAll(/\p{L}+/gu, (word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase())}s`
}
