import { describe, expect, test } from 'vitest'
import { anySecretForm, entropyBits, holdsSecret, isSecretName, isSecretPath, isSecretValue, uriSecretForm } from './secrets.ts'

describe('names', () => {
  test.each(['PASSWORD', 'DB_PASSWORD', 'dbPassword', 'redis-passwd', 'AWS_SECRET_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SESSION_TOKEN', 'OPENAI_API_KEY', 'apiKey', 'api_key', 'GITHUB_TOKEN', 'client_secret', 'privateKey', 'credentials'])(
    '%s promises a secret',
    (name) => expect(isSecretName(name)).toBe(true)
  )
  test.each(['PWD', 'OLDPWD', 'total_tokens', 'input_tokens', 'token_count_source', 'max_tokens', 'tokenizer', 'key', 'keyboard', 'primary_key', 'AWS_REGION', 'PASSWORD_FILE', 'SSH_AUTH_SOCK', 'secretary', 'hostname'])(
    '%s does not',
    (name) => expect(isSecretName(name)).toBe(false)
  )
  test('what lies within a secret dict is secret', () => {
    expect(isSecretPath('used.credentials.user')).toBe(true)
    expect(isSecretPath('used.credentials.path')).toBe(false)
    expect(isSecretPath('machine_info.140.environment.DB_PASSWORD')).toBe(true)
    expect(isSecretPath('machine_info.140.environment.HOME')).toBe(false)
  })
})

describe('values under such a name', () => {
  test.each([['DB_PASSWORD', 'hunter2'], ['used.secret', 'changeme'], ['GITHUB_TOKEN', 'f3a9c27be1d04486'], ['api_key', 'Zx81-kQpW-77sd-Lm02'], ['PASSWORD_URL', 'redis://me:pa55@host:1/0']])('%s: %s is one', (name, value) => expect(isSecretValue(name, value)).toBe(true))
  test.each([['DB_PASSWORD', ''], ['DB_PASSWORD', '****'], ['DB_PASSWORD', '${DB_PASSWORD}'], ['DB_PASSWORD', '<redacted>'], ['PASSWORD', 'none'], ['token', 'the'], ['token', 'a few words of text'], ['token', 'aaaaaaaaaaaaaaaa'], ['API_KEY', 'your-api-key'], ['secret', '/run/secrets/db']])(
    '%s: %s is none',
    (name, value) => expect(isSecretValue(name, value)).toBe(false)
  )
})

describe('forms', () => {
  test.each(['redis://user:s3cret@login02:6379', 'amqp://:pw@host', 'see postgres://a:b@c/d for more', `AKIA${'A1B2'.repeat(4)}`, `ghp_${'a1B2'.repeat(9)}`, '-----BEGIN RSA PRIVATE KEY-----', `eyJ${'a'.repeat(12)}.eyJ${'b'.repeat(12)}.${'c'.repeat(12)}`])(
    '%s holds a secret',
    (text) => expect(holdsSecret(text)).toBe(true)
  )
  test.each(['https://example.org/data', 'redis://login02:6379', 'http://host:80/a@b', 'mail me@host', 'redis://user:***@host', 'redis://user:${PW}@host', 'time 10:20@30'])('%s does not', (text) => expect(holdsSecret(text)).toBe(false))
  test('the patterns are ones that RE2 reads too: no look-around, no back-reference', () => {
    expect(`${anySecretForm}${uriSecretForm}`).not.toMatch(/\(\?|\\[1-9]/)
  })
})

test('entropy is 0 for one character and log2 of their number for characters equally frequent', () => {
  expect(entropyBits('aaaa')).toBe(0)
  expect(entropyBits('abcdabcd')).toBeCloseTo(2, 12)
})
