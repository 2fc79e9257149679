/** What looks like a secret in a record: environment variables and keys named like one, tokens by their form, passwords in addresses. */
import type { JsonValue } from '#contract/json'
import type { SecretTreatment } from '#contract/exports'

/** `path` are the keys down to the value; list elements count as their index. `masked` cannot be used; `why` in a few words. */
export type Secret = { readonly path: readonly (string | number)[]; readonly masked: string; readonly why: string }

export function secretsOf(_document: JsonValue): Secret[] {
  return []
}

/** The same document with what looks like a secret treated, and how many values that were. The document given stays as it is. */
export function treatSecrets<T extends JsonValue>(document: T, _treatment: SecretTreatment): { document: T; count: number } {
  return { document, count: 0 }
}
