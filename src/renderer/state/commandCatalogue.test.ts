/** Every command that is offered somewhere has a row in the catalogue, with the keys it comes with; and no row is of a command that is gone. */
import { expect, test } from 'vitest'
import { snippetLanguages } from '#contract/snippets'
import { laneBy } from '#contract/timeline'
import { commandCatalogue, knownCommand } from './commandCatalogue.ts'
import { destinationIds } from './exportChoice.ts'
import { views } from './viewNames.ts'
import { viewIds } from './workbench.ts'

const files = import.meta.glob<string>(['../**/*.ts', '../**/*.tsx', '!../**/*.test.ts'], { query: '?raw', import: 'default', eager: true })
const sources = Object.entries(files)
  .map(([path, text]) => ({ file: path.replace('../', ''), text }))
  .filter(({ text, file }) => /useCommands|columnActions|inView\(/.test(text) && !file.includes('commandCatalogue'))

/** `{ id: 'x', …, group: 'General', …, keys: 'K' }` and `command('x', …)`, as the code has them. */
const offered = sources.flatMap(({ file, text }) => [
  ...[...text.matchAll(/\{\s*id: '([\w.-]+)',([^]{0,600}?)\brun(?::| \}|,)/g)].filter(([, , rest = '']) => /group: |label: /.test(rest)).map(([, id = '', rest = '']) => ({ file, id, keys: /keys: '([^']+)'/.exec(rest)?.[1], sometimes: /\.\.\.\([^)]*\) && \{ keys:|\.\.\.\([^)]*keys:/.test(rest) })),
  ...[...text.matchAll(/\b(?:command|telemetry|agents|compare)\('([a-z]+\.[\w.]+)',/g)].map(([, id = '']) => ({ file, id, keys: undefined, sometimes: false }))
])
/** Made of lists. */
const listed = [...views.map(({ id }) => `view.${id}`), ...['tasks', 'workflows', 'agents', 'objects', 'messages'].map((kind) => `table.${kind}`), ...laneBy.options.map((kind) => `timeline.by.${kind}`), ...['start', 'tasks', 'busy', 'errors', 'name'].map((sort) => `timeline.sort.${sort}`), ...['campaign', 'workflow', 'activity', 'task'].map((level) => `dataflow.level.${level}`), 'export', ...destinationIds.map((id) => `export.${id}`), ...snippetLanguages.map((language) => `copy.${language}`)]
/** Handled where the focus is, never offered. */
const local = new Set(commandCatalogue.filter(({ where }) => where === 'lists' || where === 'drawing').map(({ id }) => id))

test('commands are found in the code at all', () => {
  expect(offered.length).toBeGreaterThan(60)
  expect(offered.map(({ id }) => id)).toEqual(expect.arrayContaining(['palette', 'table.lineage', 'timeline.in', 'live.pause', 'tree.fold', 'table.pin', 'zone']))
})

test.each(offered)('$id of $file has its row, and its keys', ({ id, keys, sometimes }) => {
  expect(knownCommand(id), `add a row for ${id} to commandCatalogue.ts`).toBeDefined()
  // Keys that it has only here or there may be those of the row.
  expect(sometimes ? [keys, undefined] : [keys]).toContain(knownCommand(id)?.keys)
})

test.each(listed)('%s has its row', (id) => expect(knownCommand(id)).toBeDefined())

test('no row is of a command that is gone', () => {
  const known = new Set([...offered.map(({ id }) => id), ...listed, ...local])
  expect(commandCatalogue.map(({ id }) => id).filter((id) => !known.has(id))).toEqual([])
})

test('views are named as they are', () => expect(views.map(({ id }) => id)).toEqual([...viewIds]))
