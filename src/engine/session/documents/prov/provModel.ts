/** Statements of W3C PROV as they are made, before they are written as JSON or in PROV's notation. */

/** A name with its prefix, made by provNames.ts, so that both notations take it as it stands. */
export type ProvName = string & { readonly __provName: unique symbol }

/** `name`: a qualified name. `provscope:json`: JSON text of what PROV has no literal for. `provscope:cut`: of a longer text its head, length and SHA-256. */
export type LiteralType = 'xsd:string' | 'xsd:int' | 'xsd:long' | 'xsd:integer' | 'xsd:double' | 'xsd:boolean' | 'xsd:dateTime' | 'provscope:json' | 'provscope:cut' | 'name'
export type Literal = { readonly type: LiteralType; readonly text: string }
/** A name may come several times with different values. */
export type Attribute = readonly [name: ProvName, value: Literal]

/** The formal parts of each relation in PROV's order; `time` is an xsd:dateTime, all others are names. */
export const relationParts = {
  used: ['prov:activity', 'prov:entity', 'prov:time'],
  wasGeneratedBy: ['prov:entity', 'prov:activity', 'prov:time'],
  wasInformedBy: ['prov:informed', 'prov:informant'],
  wasStartedBy: ['prov:activity', 'prov:trigger', 'prov:starter', 'prov:time'],
  wasAssociatedWith: ['prov:activity', 'prov:agent', 'prov:plan'],
  actedOnBehalfOf: ['prov:delegate', 'prov:responsible', 'prov:activity'],
  wasAttributedTo: ['prov:entity', 'prov:agent'],
  wasDerivedFrom: ['prov:generatedEntity', 'prov:usedEntity', 'prov:activity', 'prov:generation', 'prov:usage'],
  hadMember: ['prov:collection', 'prov:entity']
} as const
export type Relation = keyof typeof relationParts
export const elementKinds = ['entity', 'activity', 'agent'] as const
export type StatementKind = (typeof elementKinds)[number] | Relation
export const statementKinds: readonly StatementKind[] = [...elementKinds, ...(Object.keys(relationParts) as Relation[])]

export type EntityStatement = { readonly kind: 'entity'; readonly id: ProvName; readonly attributes: readonly Attribute[] }
export type Statement =
  | EntityStatement
  | { readonly kind: 'agent'; readonly id: ProvName; readonly attributes: readonly Attribute[] }
  | { readonly kind: 'activity'; readonly id: ProvName; readonly start: string | null; readonly end: string | null; readonly attributes: readonly Attribute[] }
  /** `parts` in the order of `relationParts`; those left out at the end are not known. */
  | { readonly kind: Relation; readonly parts: readonly (ProvName | null)[]; readonly attributes: readonly Attribute[] }

export const namespaces = {
  provscope: 'urn:provscope:terms:',
  field: 'urn:provscope:field:',
  task: 'urn:provscope:task:',
  type: 'urn:provscope:activity:',
  value: 'urn:provscope:value:',
  workflow: 'urn:provscope:workflow:',
  plan: 'urn:provscope:plan:',
  campaign: 'urn:provscope:campaign:',
  agent: 'urn:provscope:agent:',
  user: 'urn:provscope:user:',
  host: 'urn:provscope:host:',
  object: 'urn:provscope:object:'
} as const
export type Namespace = keyof typeof namespaces
