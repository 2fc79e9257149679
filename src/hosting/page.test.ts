import { sep } from 'node:path'
import { describe, expect, test } from 'vitest'
import { contentSecurityPolicy, pageFile } from './page.ts'

const root = `${sep}srv${sep}page`

describe('the file behind a path', () => {
  test('the folder itself is index.html, never cached', () => {
    const file = pageFile(root, '/')
    expect(file?.path).toBe(`${root}${sep}index.html`)
    expect(file?.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
  })

  test.each([
    ['/assets/index-Ab3_x-9Z.js', 'text/javascript; charset=utf-8', true],
    ['/assets/index-Ab3_x-9Z.css', 'text/css; charset=utf-8', true],
    ['/assets/inter%20latin-0123abcd.woff2', 'font/woff2', true],
    ['/icon.svg', 'image/svg+xml', false],
    ['/assets/plain.js', 'text/javascript; charset=utf-8', false]
  ])('%s is %s, immutable: %s', (pathname, type, immutable) => {
    const headers = pageFile(root, pathname)?.headers
    expect(headers?.['content-type']).toBe(type)
    expect(headers?.['cache-control']?.includes('immutable')).toBe(immutable)
  })

  test.each(['/../secret.js', '/..%2fsecret.js', '/%2e%2e/secret.js', '/assets/../../secret.js', '/..\\secret.js', '/%5c..%5csecret.js', '/a%00.js', '/%E0%A4%A.js', '//etc/../../x.js', 'secret.js', '', '/etc/passwd', '/x.map', '/.env'])(
    '%s is no file of the page',
    (pathname) => {
      expect(pageFile(root, pathname)).toBeNull()
    }
  )

  test('an absolute path stays inside the folder', () => {
    expect(pageFile(root, '//etc/x.js')?.path).toBe(`${root}${sep}etc${sep}x.js`)
  })
})

test('the policy allows no inline script, no eval, and no other host', () => {
  expect(contentSecurityPolicy).toContain("default-src 'none'")
  expect(contentSecurityPolicy).toMatch(/script-src 'self'(;|$)/)
  expect(contentSecurityPolicy).not.toMatch(/unsafe-eval|https?:|\*/)
})
