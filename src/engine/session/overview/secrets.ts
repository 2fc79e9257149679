/** What looks like a secret: by the name of its field, or by its own form. Answers yes or no, never the value. */

/** Words that make a name secret by themselves. `tokens` counts what a language model read; `token` grants access. */
const secretWords = new Set(['password', 'passwd', 'passphrase', 'passwort', 'secret', 'secrets', 'credential', 'credentials', 'token', 'apikey', 'pwd'])
/** `key` is a secret only after one of these. */
const keyWords = new Set(['api', 'access', 'secret', 'private', 'auth', 'encryption', 'signing', 'session', 'account', 'storage', 'master', 'service'])
/** A name that goes on with one of these tells of a secret without holding one. */
const harmlessEndings = new Set(['file', 'path', 'dir', 'url', 'uri', 'count', 'type', 'source', 'name', 'length', 'limit', 'policy', 'enabled', 'required', 'expires', 'ttl', 'sock'])
/** The shell's working directories. */
const harmlessNames = new Set(['PWD', 'OLDPWD'])

/** Whether a key of this name, on its own, promises a secret: `DB_PASSWORD`, `awsSecretAccessKey`, `api-key`. */
export function isSecretName(key: string): boolean {
  if (harmlessNames.has(key)) return false
  const words = wordsOf(key)
  if (harmlessEndings.has(words.at(-1) ?? '')) return false
  return words.some((word, index) => secretWords.has(word) || (word === 'key' && keyWords.has(words[index - 1] ?? '')))
}

/** Whether any key on the way to a field promises a secret: `used.credentials.user` lies within one. */
export function isSecretPath(name: string): boolean {
  const keys = name.split('.')
  return keys.slice(0, -1).some((key) => isSecretName(key)) ? !harmlessEndings.has(wordsOf(keys.at(-1) ?? '').at(-1) ?? '') : isSecretName(keys.at(-1) ?? '')
}

/**
 * Whether a text under such a name is one, and not a stand-in for one. Passwords may be short and plain; tokens and keys
 * are long and without a pattern, so that `token: "the"` of a text model is not taken for one.
 */
export function isSecretValue(name: string, value: string): boolean {
  const text = value.trim()
  if (text === '' || isStandIn(text) || isHarmlessText(text)) return holdsSecret(text)
  const words = wordsOf(name.split('.').at(-1) ?? '')
  if (words.some((word) => word !== 'token' && secretWords.has(word))) return true
  return text.length >= 12 && !/\s/.test(text) && entropyBits(text) >= 3
}

/**
 * A secret by its form: user:password@ in a URI, keys of well-known services, a private key, a signed web token.
 * As text, so that DuckDB (RE2) and JavaScript search for the same.
 */
export const secretForms = [
  String.raw`[A-Za-z][A-Za-z0-9+.-]*://[^\s/:@"'<>]*:[^\s/@"'<>*$\{][^\s/@"'<>]*@`,
  String.raw`\b(AKIA|ASIA)[0-9A-Z]{16}\b`,
  String.raw`\bgh[pousr]_[A-Za-z0-9]{36}`,
  String.raw`\bsk-[A-Za-z0-9_-]{20,}`,
  String.raw`\bxox[abprs]-[A-Za-z0-9-]{10,}`,
  String.raw`-----BEGIN [A-Z ]*PRIVATE KEY-----`,
  String.raw`\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}`
] as const
export const uriSecretForm = secretForms[0]
export const anySecretForm = secretForms.map((form) => `(${form})`).join('|')
const anySecret = new RegExp(anySecretForm)

export function holdsSecret(text: string): boolean {
  return anySecret.test(text)
}

/** Bits of a character of a text, by how often each occurs in it: 0 for "aaaa", about 4 for random base64 of 20. */
export function entropyBits(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  const length = [...counts.values()].reduce((sum, count) => sum + count, 0)
  return [...counts.values()].reduce((bits, count) => bits - (count / length) * Math.log2(count / length), 0)
}

/** `DB_PASSWORD`, `dbPassword`, `db-password` and `DBPassword` are the same two words. */
function wordsOf(key: string): string[] {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
}

function isStandIn(text: string): boolean {
  return /^(none|null|nil|true|false|yes|no|default|empty|unset|redacted|hidden|masked|removed)$/i.test(text)
    || /^[*xX•.\-_#]+$/.test(text)
    || /^(<.*>|\[.*\]|\{\{.*\}\}|\$\{.*\}|\$[A-Za-z_]\w*|%\w+%)$/s.test(text)
    || /^your[-_ ]/i.test(text)
}

/** Plain numbers, paths, addresses without credentials. */
function isHarmlessText(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text) && text.length < 8 || /^(~|\.{1,2})?\//.test(text) && !/\s/.test(text) && /\/.*[/.]/.test(text) || /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
}
