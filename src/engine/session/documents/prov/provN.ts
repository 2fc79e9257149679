/** Statements in PROV-N, PROV's notation for people: one a line, as they come. */
import type { Attribute, Literal, Statement } from './provModel.ts'
import { namespaces, relationParts } from './provModel.ts'

export function provNHeader(): string {
  return `document\n${Object.entries(namespaces).map(([prefix, uri]) => `  prefix ${prefix} <${uri}>\n`).join('')}\n`
}

export const provNFooter = 'endDocument\n'

export function provNLine(statement: Statement): string {
  return `  ${statement.kind}(${argumentsOf(statement).join(', ')})\n`
}

function argumentsOf(statement: Statement): string[] {
  const attributes = statement.attributes.length > 0 ? [`[${statement.attributes.map(attributeOf).join(', ')}]`] : []
  if (statement.kind === 'activity') return [statement.id, statement.start ?? '-', statement.end ?? '-', ...attributes]
  if ('id' in statement) return [statement.id, ...attributes]
  const { kind, parts } = statement
  return [...relationParts[kind].map((_, at) => parts[at] ?? '-'), ...attributes]
}

function attributeOf([name, value]: Attribute): string {
  return `${name}=${literalText(value)}`
}

function literalText({ text, type }: Literal): string {
  if (type === 'name') return `'${text}'`
  const quoted = `"${text.replaceAll(/[\\"\n\r\t\b\f]/g, (character) => escapes[character] as string)}"`
  return type === 'xsd:string' ? quoted : `${quoted} %% ${type}`
}

const escapes: Record<string, string> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f' }
