/** Whether a field is called like a secret: by the words of its name, so that `authToken` and `AUTH_TOKEN` are one, and `tokens` and `author` none. */

/** `strong`: what stands there is one, whatever it looks like. `weak`: only if it looks like one too. */
export type NameStrength = 'strong' | 'weak'

export function nameStrength(name: string): NameStrength | null {
  const words = wordsOf(name)
  const last = words.at(-1)
  if (last === undefined || endings.has(last) || askers.has(words[0] as string)) return null
  for (const [index, word] of words.entries()) {
    if (strongWord.test(word)) return 'strong'
    if (word === 'pwd' && words.length > 1 && words[0] !== 'old') return 'strong'
    const before = words[index - 1]
    if (before !== undefined && strongPairs[word]?.has(before) === true) return 'strong'
  }
  if (last === 'token') return languageOf.has(words.at(-2) ?? '') ? null : 'weak'
  return weakWords.has(last) ? 'weak' : null
}

/** `dbPassword2`, `DB-PASSWORD` and `db.password` are `db password`; of a dotted name only what follows the last dot. */
function wordsOf(name: string): string[] {
  const key = name.slice(name.lastIndexOf('.') + 1)
  return key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
}

const strongWord = /(?:password|passwords|passwd|passphrase|passcode|secret|secrets|credential|credentials|apikey|secretkey|privatekey|accesskey|authtoken|accesstoken)$|^(?:sshpass|authorization)$/
/** By their second word. */
const strongPairs: Readonly<Record<string, ReadonlySet<string>>> = {
  key: new Set(['api', 'private', 'secret', 'access', 'signing', 'encryption', 'account', 'shared', 'master', 'ssh', 'auth', 'storage']),
  token: new Set(['access', 'auth', 'bearer', 'refresh', 'oauth', 'api', 'github', 'gitlab', 'slack', 'hf', 'bot', 'deploy'])
}
const weakWords = new Set(['auth', 'pass', 'cookie', 'jwt', 'bearer', 'cred', 'creds', 'authkey'])
/** Before `token`, of language models. */
const languageOf = new Set(['pad', 'eos', 'bos', 'unk', 'mask', 'sep', 'cls', 'next', 'stop', 'special', 'first', 'last', 'start', 'end', 'per', 'max', 'min', 'prev', 'previous', 'current', 'target', 'source', 'input', 'output', 'prompt', 'new', 'word', 'sub'])
/** What says something about a secret, and is none. */
const endings = new Set([
  'name', 'names', 'file', 'files', 'path', 'dir', 'folder', 'type', 'kind', 'class', 'count', 'counts', 'length', 'len', 'size', 'limit', 'max', 'min',
  'id', 'ids', 'url', 'endpoint', 'arn', 'ref', 'ttl', 'expiry', 'expires', 'expiration', 'enabled', 'disabled', 'required', 'policy', 'hint', 'source',
  'usage', 'version', 'index', 'provider', 'mode', 'method', 'mechanism', 'scheme', 'sock', 'time', 'timeout', 'at', 'age', 'date', 'num', 'number',
  'cost', 'price', 'rate', 'budget', 'strategy', 'field', 'column', 'prompt', 'attempts', 'status', 'valid', 'exists', 'set', 'used', 'manager', 'store',
  'helper', 'env', 'var'
])
const askers = new Set(['is', 'has', 'had', 'no', 'num', 'use', 'needs', 'with', 'without', 'max', 'min', 'public'])
