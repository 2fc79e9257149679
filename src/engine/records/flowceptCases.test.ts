/** Every one of Flowcept's own input → output cases: the same answer here, or a difference that is named, explained and still one. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { field, isJsonObject, parseJson, setField, stringifyJson, type JsonObject, type JsonValue } from '#contract/json'
import { classify } from './classify.ts'
import { criticalTags } from './criticalTags.ts'
import { curateTask } from './curateTask.ts'
import { enrichTask } from './enrichTask.ts'
import { mergeBatch } from './mergeRecord.ts'
import { mergeMessages } from './mergeMessages.ts'
import { normaliseTask } from './normaliseTask.ts'
import { telemetrySummary } from './telemetrySummary.ts'

type Case = { fn: string; name: string; input: JsonObject; output?: JsonValue; raises?: string; message?: string }
const file = join(import.meta.dirname, '../../testing/fixtures/truth/cases.json')
const cases = (parseJson(readFileSync(file, 'utf8')) as { cases: JsonValue[] }).cases.map(decode) as unknown as Case[]

const made = 'an id that is made up'
const answer: Record<string, (input: JsonObject) => JsonValue> = {
  summarize_telemetry: ({ task }) => telemetrySummary(task as JsonObject),
  tag_critical_task: ({ generated, telemetry_summary, thresholds, generated_keywords }) =>
    criticalTags(generated, telemetry_summary as JsonObject, {
      thresholds: thresholds as Record<string, number> | undefined,
      outputs: generated_keywords as string[] | undefined
    }),
  curate_dict_task_messages: (input) => {
    const messages = input.doc_list as JsonObject[]
    const key = input.indexing_key as string
    const curation = { dropFields: input.keys_to_drop as string[] | undefined, insertedAt: input.utc_time_at_insertion as number | undefined }
    if (key === 'task_id') return Object.fromEntries(mergeBatch('task', messages, { ...curation, newId: () => made }).map(({ id, document }) => [id, document]))
    const ids = [...new Set(messages.map((message) => String(message[key])))]
    const group = (id: string): JsonObject[] => messages.filter((message) => message[key] === id).map((message) => curateTask(message, curation))
    return Object.fromEntries(ids.map((id) => [id, mergeMessages('task', group(id))]))
  },
  'DocumentInserter.message_handler': (input) => {
    const message = input.message as JsonObject
    if (classify(message) !== 'task') return { continue: true, buffered: [] }
    const task = normaliseTask(message, { newId: () => made, campaignId: (input.kv_current_campaign_id ?? undefined) as string | undefined })
    const host = { node_name: 'NODE', login_name: 'LOGIN', public_ip: null, private_ip: null, hostname: 'HOST' }
    return { continue: true, buffered: [input.enrich_messages === true ? enrichTask(task, { host }) : task] }
  }
}

/** What is different on purpose: the case's name → what is done here and what Flowcept does, and the answer here. */
const differences: Record<string, readonly [why: string, ours: (input: JsonObject, theirs: JsonValue) => JsonValue]> = {
  'summarize_telemetry: telemetry_at_start is null': [
    'gives the duration, which needs no snapshot (Flowcept raises)',
    () => ({ duration_sec: 0.04250502586364746 })
  ],
  'tag_critical_task: nothing': ['a missing result tags nothing (Flowcept takes it for 0: low_output)', () => []],
  "tag_critical_task: memory is under 'memory', the tag looks at 'mem'": ['high_mem reads memory (Flowcept never finds it)', () => ['high_mem']],
  'tag_critical_task: result is a string': ['what is no number tags nothing (Flowcept raises)', () => []],
  'tag_critical_task: result is null': ['what is no number tags nothing (Flowcept raises)', () => []],
  'tag_critical_task: result is a list': ['what is no number tags nothing (Flowcept raises)', () => []],
  'tag_critical_task: generated is a list': ['what is no dict tags nothing (Flowcept raises)', () => []],
  'tag_critical_task: generated is null': ['what is no dict tags nothing (Flowcept raises)', () => []],
  'tag_critical_task: null inside summary': ['a missing section tags nothing (Flowcept raises)', () => []],
  'tag_critical_task: custom thresholds and keywords': [
    'an absent output tags nothing, and no tag comes twice (Flowcept adds a second low_output)',
    () => ['high_cpu', 'low_output', 'high_output']
  ],
  'curate_dict_task_messages: finished then late running': [
    'a late RUNNING does not undo FINISHED (Flowcept: RUNNING)',
    (_, theirs) => ({ a: { ...((theirs as JsonObject).a as JsonObject), status: 'FINISHED' } })
  ],
  'curate_dict_task_messages: workflow_id inside used': [
    'the captured workflow_id and the input both stay (Flowcept moves the input over it)',
    () => ({ a: { task_id: 'a', used: { workflow_id: 'w-inner', x: 1 }, workflow_id: 'w-outer' }, b: { task_id: 'b', used: { workflow_id: '' } } })
  ],
  'curate_dict_task_messages: missing key field': [
    'a message without an id gets one (Flowcept raises and loses the batch)',
    () => ({ [made]: { task_id: made, status: 'RUNNING', running: true } })
  ],
  'curate_dict_task_messages: status null': ['a null status is no status (Flowcept raises and loses the batch)', () => ({ a: { task_id: 'a', status: null } })],
  'DocumentInserter.message_handler: user tags are replaced': [
    "keeps the user's tags (Flowcept replaces them, here with a low_output for a result that is missing)",
    (_, theirs) => withTags(theirs, ['mine'])
  ],
  'DocumentInserter.message_handler: generated list breaks tagging': [
    'an output that is no dict does not hide what the telemetry shows (Flowcept adds no tag at all)',
    (_, theirs) => withTags(theirs, ['high_disk', 'long_duration'])
  ],
  'DocumentInserter.message_handler: generated null breaks tagging': [
    'an output that is no dict does not hide what the telemetry shows (Flowcept adds no tag at all)',
    (_, theirs) => withTags(theirs, ['long_duration'])
  ]
}

describe('Flowcept answers the same', () => {
  const agreed = cases.filter((item) => !(title(item) in differences))
  test.each(agreed.map((item) => [title(item), item] as const))('%s', (_, item) => {
    expect(item.raises).toBeUndefined()
    const ours = answer[item.fn]?.(item.input)
    const theirs = withMadeId(item.output as JsonValue)
    expect(ours).toStrictEqual(theirs)
    // Where Flowcept merges it puts dict fields first; here fields stay in the order in which they were first seen.
    if (item.fn !== 'curate_dict_task_messages') expect(stringifyJson(ours as JsonValue)).toBe(stringifyJson(theirs))
  })
})

describe('Flowcept answers differently, on purpose', () => {
  test.each(Object.entries(differences).map(([name, [why, ours]]) => [name, why, ours] as const))('%s → %s', (name, _, ours) => {
    const item = cases.find((candidate) => title(candidate) === name)
    if (!item) throw new Error('there is no such case')
    const result = answer[item.fn]?.(item.input)
    expect(result).toStrictEqual(ours(item.input, item.output ?? null))
    if (item.raises === undefined) expect(result).not.toEqual(item.output)
  })
})

test('all 75 cases are here, each under a name of its own', () => {
  expect(cases).toHaveLength(75)
  expect(new Set(cases.map(title)).size).toBe(75)
  expect(cases.every((item) => item.fn in answer)).toBe(true)
  expect(cases.filter((item) => title(item) in differences)).toHaveLength(Object.keys(differences).length)
  expect(Object.keys(differences)).toHaveLength(17)
})

function title(item: Case): string {
  return `${item.fn}: ${item.name}`
}

function withTags(theirs: JsonValue, tags: string[]): JsonValue {
  const [task] = (theirs as { buffered: JsonObject[] }).buffered
  return { continue: true, buffered: [{ ...task, tags }] }
}

/** Flowcept's new ids are random. */
function withMadeId(output: JsonValue): JsonValue {
  return parseJson(stringifyJson(output).replace(/"task_id":"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"/, `"task_id":${JSON.stringify(made)}`))
}

/** Undoes the tags under which the file keeps what JSON cannot hold. */
function decode(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(decode)
  if (!isJsonObject(value)) return value
  const float = field(value, '$f')
  if (typeof float === 'string') return float === '-0' ? -0 : Number(float)
  const integer = field(value, '$int')
  if (typeof integer === 'string') return BigInt(integer)
  if ('$str' in value) throw new Error('the head of a long text is not the text')
  const dict: JsonObject = {}
  for (const [key, item] of Object.entries(value)) setField(dict, key, decode(item))
  return dict
}
