/** The metadata file of a Process Run Crate: RO-Crate 1.1, with the terms of the profile. */
import { type DocumentFacts, missingSentences } from '../documentFacts.ts'
import type { SubjectRecords } from '../subjectRecords.ts'
import type { CrateGraph, Entity, Reference } from './crateGraph.ts'
import type { CrateFile } from './crateZip.ts'

export const processProfile = 'https://w3id.org/ro/wfrun/process/0.5'
export type CrateMetadata = { readonly root: Entity; readonly files: readonly Entity[]; readonly actions: readonly Entity[]; readonly text: string }

export function crateMetadata(subject: SubjectRecords, facts: DocumentFacts, graph: CrateGraph, written: readonly CrateFile[]): CrateMetadata {
  const { actions, others } = graph.entities()
  const files = written.map(({ bytes, description, name, sha256, type }): Entity => ({ '@id': name, '@type': 'File', name: description, encodingFormat: type, contentSize: String(bytes), sha256 }))
  const root: Entity = {
    '@id': './',
    '@type': 'Dataset',
    name: subject.heading,
    description: describe(subject, facts, actions.length),
    datePublished: facts.madeAt.toISOString(),
    license: 'Not stated in the records of the run.',
    conformsTo: [{ '@id': processProfile }],
    hasPart: files.map(referenceTo),
    mentions: actions.map(referenceTo)
  }
  const descriptor: Entity = { '@id': 'ro-crate-metadata.json', '@type': 'CreativeWork', about: { '@id': './' }, conformsTo: { '@id': 'https://w3id.org/ro/crate/1.1' }, sdPublisher: { '@id': '#provscope' } }
  const profile: Entity = { '@id': processProfile, '@type': 'CreativeWork', name: 'Process Run Crate', version: '0.5' }
  const maker: Entity = { '@id': '#provscope', '@type': 'SoftwareApplication', name: 'Provscope', softwareVersion: facts.version }
  const graphEntities = [descriptor, root, { '@id': 'ro-crate-preview.html', '@type': 'CreativeWork', about: { '@id': './' } }, profile, maker, ...files, ...actions, ...others]
  const text = `{\n"@context": ${JSON.stringify(['https://w3id.org/ro/crate/1.1/context', 'https://w3id.org/ro/terms/workflow-run/context'])},\n"@graph": [\n${graphEntities.map((entity) => JSON.stringify(entity)).join(',\n')}\n]\n}\n`
  return { root, files, actions, text }
}

const referenceTo = ({ '@id': id }: Entity): Reference => ({ '@id': id })

function describe({ counts, title }: SubjectRecords, facts: DocumentFacts, actions: number): string {
  const number = (count: number): string => count.toLocaleString('en-US')
  const isFolded = actions < counts.tasks
  return [
    `${title} of ${facts.source}: ${number(counts.tasks)} ${counts.tasks === 1 ? 'task' : 'tasks'} and ${number(counts.workflows)} ${counts.workflows === 1 ? 'workflow' : 'workflows'}, recorded by Flowcept.`,
    ...(isFolded ? ['The metadata names the runs of workflows only, as there are too many tasks; the records and the PROV document have every task.'] : []),
    ...(facts.inferred ? ['A value that one task used and only one other had generated is taken for the same.'] : []),
    ...missingSentences(facts)
  ].join(' ')
}
