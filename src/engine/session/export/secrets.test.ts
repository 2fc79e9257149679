import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type JsonObject, type JsonValue, parseJson, stringifyJson } from '#contract/json'
import { fixtureFolder } from '../../../testing/openFixture.ts'
import { redacted, secretsOf, treatSecrets } from './secrets.ts'

const random = (length: number, seed = 7): string => {
  let state = seed
  return Array.from({ length }, () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'[(state = (state * 48271) % 2147483647) % 62]).join('')
}
const why = (document: JsonValue): string[] => secretsOf(document).map((secret) => secret.why)
const isFound = (document: JsonValue): boolean => secretsOf(document).length > 0

describe('by name', () => {
  test.each([
    ['MONGO_PASSWORD', 'flowcept'], ['password', 'x'], ['dbPassword', 'hunter2'], ['PGPASSWORD', 'hunter2'], ['MYSQL_PWD', 'hunter2'], ['SSHPASS', 'hunter2'], ['user.passphrase', 'two words'], ['DB_PASSWORD_2', 'hunter2'],
    ['AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'], ['clientSecret', 'abc'], ['SECRET', 'abc'], ['API_KEY', 'abc'], ['openai_apikey', 'abc'], ['X-Api-Key', 'abc'], ['private_key', 'abc'], ['credentials', 'abc'],
    ['Authorization', 'Basic dXNlcjpwYXNz'], ['access_token', 'abcdef'], ['GITHUB_TOKEN', 'abcdef'], ['token', 'a8Fk3kd9Qz1x'], ['WANDB_AUTH', random(40)], ['session_cookie', random(32)], ['used.conf.password', 'x'], ['password', 123456]
  ])('%s is one', (name, value) => {
    expect(isFound({ [name]: value })).toBe(true)
    expect(secretsOf(value, name).length).toBe(1)
  })

  test.each([
    ['tokens', 86], ['prompt_tokens', 'abcdefgh12345678AA'], ['token_count', 'A8Fk3kd9Qz1x'], ['token_count_source', 'provider'], ['max_token', 'A8Fk3kd9Qz1x'], ['eos_token', '<|endoftext|>A1'], ['pad_token', '[PAD]12Xy'], ['token', 'hamburger'], ['token', 'the'],
    ['author', 'Grace Hopper'], ['authors', 'a8Fk3kd9Qz1xAA'], ['auth', 'scram'], ['auth_type', 'Xy12abcdEF'], ['PWD', '/data/run1'], ['OLDPWD', '/data/run1'], ['SSH_AUTH_SOCK', '/tmp/ssh-XXXXaBc123/agent.99'], ['XAUTHORITY', '/home/u/.Xauthority'],
    ['secretary', 'Ada'], ['secretion_rate', 0.3], ['password', ''], ['password', null], ['password', true], ['password', '***'], ['password', redacted], ['password', '${DB_PASSWORD}'], ['password', '$DB_PASSWORD'], ['password', '{{ vault.pw }}'], ['api_key', 'None'],
    ['has_password', 'yes, it has'], ['password_required', 'maybe'], ['GOOGLE_APPLICATION_CREDENTIALS', '/home/u/keys/service.json'], ['private_key', '~/.ssh/id_rsa'], ['password_file', 'secrets.txt'], ['key', 'a8Fk3kd9Qz1xAA'], ['primary_key', 'a8Fk3kd9Qz1xAA'], ['public_key', 'a8Fk3kd9Qz1xAA'],
    ['compass', 'a8Fk3kd9Qz1xAA'], ['pass', 'second'], ['bypass', 'a8Fk3kd9Qz1xAA'], ['n_pass', 12345678], ['keyboard', 'qwerty'], ['cookie_recipe', 'a8Fk3kd9Qz1xAA'], ['passengers', 'a8Fk3kd9Qz1xAA'], ['task_id', '1753457858.952133_0_0_12'], ['sha256', random(64)]
  ])('%s is none', (name, value) => {
    expect(secretsOf({ [name]: value })).toEqual([])
  })

  test('what lies below counts too, if it looks like one', () => {
    const document = { credentials: { user: 'ada', key: 'a8Fk3kd9Qz1xAA', hosts: ['login02', random(20)] }, passwords: ['one', 'two'], env: [{ name: 'DB_PASSWORD', value: 'hunter2' }, { name: 'HOME', value: 'hunter2' }] }
    expect(secretsOf(document).map(({ path }) => path.join('/'))).toEqual(['credentials/key', 'credentials/hosts/1', 'passwords/0', 'passwords/1', 'env/0/value'])
  })
})

describe('by form, whatever it is called', () => {
  test.each([
    ['key of AWS', `AKIA${'IOSFODNN7EXAMPLE'}`], ['token of GitHub', `ghp_${random(36)}`], ['token of GitHub', `github_pat_${random(22)}_${random(59)}`], ['token of GitLab', `glpat-${random(20)}`], ['token of Slack', `xoxb-123456789012-${random(24)}`],
    ['key of Anthropic', `sk-ant-api03-${random(90)}`], ['key of OpenAI', `sk-${random(48)}`], ['key of OpenAI', `sk-proj-${random(48)}`], ['token of Hugging Face', `hf_${random(34)}`], ['key of Google', `AIza${random(35)}`], ['key of Stripe', `sk_live_${random(24)}`],
    ['JSON Web Token', `eyJ${random(33)}.eyJ${random(60)}.${random(43)}`], ['token in a header', `Bearer ${random(32)}`],
    ['private key', `-----BEGIN RSA PRIVATE KEY-----\n${random(64)}\n${random(64)}\n-----END RSA PRIVATE KEY-----`], ['private key', `-----BEGIN PRIVATE KEY-----\n${random(64)}`]
  ])('%s', (kind, value) => {
    expect(why({ x: value })).toEqual([kind])
    expect(why({ x: `before ${value} after` })).toEqual([kind])
    const { document, count } = treatSecrets({ x: `before ${value}` }, 'replace')
    expect(count).toBe(1)
    expect(JSON.stringify(document)).not.toContain(random(20))
    expect(secretsOf(document)).toEqual([])
  })

  test.each([
    'sk-learn-gradient-boosting-classifier', 'sklearn.ensemble.RandomForest', 'hf_model_name_of_some_length_or_other', 'task-1234567890', '5a1f2c34-8f0b-4a0e-9b39-5f4a27c0d001', 'https://example.org/a@b', 'mailto:ada@example.org', 'user@host:/path',
    '-----BEGIN CERTIFICATE-----\nabc', '-----BEGIN PUBLIC KEY-----\nabc', 'git@github.com:org/repo.git', 'time 12:30 @ noon', 'eyJ is how they begin', random(64), 'ssh-rsa AAAAB3NzaC1yc2E', 'password: required', 'the token count is 12', 'Bearer of good news', 'https://host:8080/x?q=1'
  ])('%s is none', (value) => {
    expect(secretsOf({ x: value })).toEqual([])
  })
})

describe('in a text', () => {
  test.each([
    ['redis://:hunter2@login02:6379', 'redis://:••••@login02:6379', 'redis://:***@login02:6379'],
    ['mongodb://ada:p@ss:w0rd@h1,h2/db?x=1', 'mongodb://ada:••••@h1,h2/db?x=1', 'mongodb://ada:***@h1,h2/db?x=1'],
    ['run --password=hunter2 -v', 'run --password=•••••• -v', 'run --password=[redacted] -v'],
    ['run --api-key abc123 -v', 'run --api-key •••••• -v', 'run --api-key [redacted] -v'],
    ['DB_PASSWORD=hunter2 python x.py', 'DB_PASSWORD=•••••• python x.py', 'DB_PASSWORD=[redacted] python x.py'],
    ['https://h/x?a=1&access_token=abcdef&b=2', 'https://h/x?a=1&access_token=••••&b=2', 'https://h/x?a=1&access_token=***&b=2'],
    ['Server=h;User=sa;Password=hunter2;', 'Server=h;User=sa;Password=••••••;', 'Server=h;User=sa;Password=[redacted];'],
    ['{"user": "ada", "password": "hunter2"}', '{"user": "ada", "password": "••••••"}', '{"user": "ada", "password": "[redacted]"}'],
    [`connect(password='hunter2')`, `connect(password='••••••')`, `connect(password='[redacted]')`]
  ])('%s', (text, masked, replaced) => {
    expect(secretsOf({ x: text }).map((secret) => secret.masked)).toEqual([masked])
    expect(treatSecrets({ x: text }, 'replace').document).toEqual({ x: replaced })
    expect(treatSecrets({ x: text }, 'leave-out').document).toEqual({})
    expect(secretsOf({ x: replaced })).toEqual([])
  })

  test.each(['password=os.environ["PW"]', 'login(user, password=password)', 'api_key=None', '--password is required', '--password PASSWORD', '--token-count 12', 'redis://:***@h', 'redis://u:${PW}@h', 'x?token_type=abc', 'usage: [--password <pw>]', 'Password must be strong; it = x'])('%s is none', (text) => {
    expect(secretsOf({ x: text })).toEqual([])
  })

  test('elements of a command line', () => {
    const cmd = ['python', 'run.py', '--password', 'hunter2', '--token=a8Fk3kd9Qz1xAA', '--password', '-v', '--user', 'ada']
    expect(treatSecrets({ cmd_line: cmd }, 'replace').document).toEqual({ cmd_line: ['python', 'run.py', '--password', redacted, `--token=${redacted}`, '--password', '-v', '--user', 'ada'] })
    expect(treatSecrets({ cmd_line: cmd }, 'leave-out').document).toEqual({ cmd_line: ['python', 'run.py', '--password', '--password', '-v', '--user', 'ada'] })
  })
})

test('masked shows two characters of either end of a long one, nothing of a short one', () => {
  expect(secretsOf({ MONGO_PASSWORD: 'flowcept-2026-9x' })[0]?.masked).toBe('fl••••••9x')
  expect(secretsOf({ password: 'hunter2' })[0]?.masked).toBe('••••••')
  const long = `${'x'.repeat(500)} redis://:hunter2@h ${'y'.repeat(500)}`
  expect(secretsOf({ log: long })[0]?.masked).toMatch(/^….*redis:\/\/:••••@h y+…$/)
})

test('the document given stays as it is, and what has no secret is not copied', () => {
  const plain = { a: [1, { b: 'x' }] }
  expect(treatSecrets(plain, 'replace').document).toBe(plain)
  const document = { a: { password: 'x', rest: plain } }
  const { document: treated } = treatSecrets<JsonObject>(document, 'leave-out')
  expect(document.a.password).toBe('x')
  expect(treated).toEqual({ a: { rest: plain } })
  expect((treated['a'] as JsonObject)['rest']).toBe(plain)
  expect(treatSecrets(document, 'keep')).toEqual({ document, count: 0 })
  const own = parseJson('{"__proto__":{"password":"x","k":1}}')
  expect(stringifyJson(treatSecrets(own, 'leave-out').document)).toBe('{"__proto__":{"k":1}}')
})

test('any depth', () => {
  const depth = 50_000
  const text = `${'{"a":['.repeat(depth)}{"password":"x"}${']}'.repeat(depth)}`
  expect(stringifyJson(treatSecrets(parseJson(text), 'replace').document) === text.replace('"x"', `"${redacted}"`)).toBe(true)
})

test('what was replaced is none any more, whatever the document', () => {
  const key = fc.constantFrom('password', 'token', 'used', 'api_key', 'url', 'credentials', 'cmd')
  const leaf = fc.constantFrom<JsonValue>('hunter2', 'redis://:pw12@h', `ghp_${random(36)}`, '--password', 'DB_PASSWORD=x1', 12345, null, true, 'plain', '', `Bearer ${random(32)}`)
  const documents = fc.letrec<{ value: JsonValue }>((tie) => ({ value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(key, tie('value'), { maxKeys: 4 })) }))
  fc.assert(
    fc.property(documents.value, (document) => {
      const before = stringifyJson(document)
      const { count, document: treated } = treatSecrets(document, 'replace')
      expect(count).toBe(secretsOf(document).length)
      expect(secretsOf(treated)).toEqual([])
      expect(stringifyJson(document)).toBe(before)
    })
  )
})

test('nothing in any recorded run is taken for one', () => {
  for (const folder of ['jsonl', 'mq', 'split']) {
    for (const name of readdirSync(join(fixtureFolder, folder)).filter((file) => /\.jsonl(\.gz)?$/.test(file))) {
      const bytes = readFileSync(join(fixtureFolder, folder, name))
      for (const line of (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().split('\n')) {
        let document: JsonValue
        try {
          document = parseJson(line)
        } catch {
          continue
        }
        expect(secretsOf(document), `${name}: ${line.slice(0, 100)}`).toEqual([])
      }
    }
  }
})
