/** What `import … from 'provscope'` gives: consumers of one's own, and what they need to treat messages as Provscope does. Declared in types/provscope.d.ts. */
export { JsonSyntaxError, parseJson, stringifyJson } from '#contract/json'
export { Refusal } from '#contract/reply'
export { BaseConsumer } from '#engine/inserter/baseConsumer'
export { DocumentInserter } from '#engine/inserter/documentInserter'
export { openMessagePublisher } from '#engine/inserter/messagePublisher'
export { classify } from '#engine/records/classify'
export { mergeRecord } from '#engine/records/mergeRecord'
export { recordId } from '#engine/records/recordId'
