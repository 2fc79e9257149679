import { expect, test } from 'vitest'
import { diagnostics } from './aboutFile.ts'

test('what is sent along says what runs, and nothing of whom', () => {
  const text = diagnostics({
    about: { version: '1.2.3', commit: 'abc', texts: [], packages: [] },
    host: { host: 'desktop', version: '1.2.3', platform: 'linux', hostname: 'secret-host', memory: { usedBytes: 5e6, limitBytes: 9e6 } },
    info: { versions: [{ name: 'DuckDB', version: 'v1' }], folders: [{ what: 'Settings', path: '/home/somebody/.config' }] },
    page: 'Chromium'
  })
  expect(text).toBe('Provscope 1.2.3 (abc), desktop\nDuckDB: v1\nMemory: 5 of 9 MB\nPage: Chromium\n')
  expect(text).not.toMatch(/secret-host|somebody/)
  expect(diagnostics({ about: null, host: null, info: null, page: 'x' })).toContain('Provscope unknown')
})
