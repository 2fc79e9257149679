/** Who may import whom, as a test that fails. The rules stand in ARCHITECTURE.md. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

const src = import.meta.dirname

/** A rule matches the importing file by the longest prefix; what it may import is given by prefixes and package names. */
const rules: { from: string; own: string[]; packages: 'none' | 'any' | RegExp }[] = [
  { from: 'contract/', own: ['contract/'], packages: /^zod$/ },
  { from: 'engine/records/', own: ['engine/records/', 'contract/'], packages: 'none' },
  { from: 'engine/sources/', own: ['engine/sources/', 'engine/records/', 'contract/'], packages: /^(node:|(?:fzstd|ioredis|amqplib|kafkajs|msgpackr)$)/ },
  { from: 'engine/stores/', own: ['engine/stores/', 'engine/records/', 'contract/'], packages: /^(?!electron)/ },
  { from: 'engine/db/', own: ['engine/db/', 'engine/stores/', 'engine/records/', 'contract/'], packages: /^node:/ },
  { from: 'engine/inserter/', own: ['engine/', 'contract/'], packages: /^(?!electron)/ },
  { from: 'engine/', own: ['engine/', 'contract/'], packages: /^(?!electron)/ },
  { from: 'hosting/', own: ['hosting/', 'engine/', 'contract/'], packages: /^node:/ },
  { from: 'headless/', own: ['headless/', 'hosting/', 'engine/', 'contract/'], packages: /^(?!electron)/ },
  { from: 'main/', own: ['main/', 'hosting/', 'engine/', 'contract/'], packages: 'any' },
  { from: 'preload/', own: ['preload/', 'contract/'], packages: /^electron$/ },
  { from: 'renderer/parts/', own: ['renderer/parts/'], packages: /^(?!node:|electron)/ },
  { from: 'renderer/connection/', own: ['renderer/connection/', 'contract/'], packages: /^(?!node:|electron)/ },
  { from: 'renderer/state/', own: ['renderer/state/', 'renderer/connection/', 'contract/'], packages: /^(?!node:|electron)/ },
  { from: 'renderer/views/', own: ['renderer/views/', 'renderer/parts/', 'renderer/state/', 'renderer/connection/', 'contract/'], packages: /^(?!node:|electron)/ },
  { from: 'renderer/', own: ['renderer/', 'contract/'], packages: /^(?!node:|electron)/ }
]

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file) && file.includes('/') && !file.startsWith('testing/'))

function imports(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8')
  const found = [...text.matchAll(/(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g)]
  return found.map((match) => match[1] ?? match[2] ?? match[3] ?? '')
}

function target(file: string, specifier: string): { own: string } | { pkg: string } {
  if (specifier.startsWith('.')) return { own: relative(src, resolve(src, dirname(file), specifier)).replaceAll('\\', '/') }
  if (specifier.startsWith('#')) return { own: specifier.slice(1) }
  return { pkg: specifier }
}

test.each(files)('%s imports only what its layer may', (file) => {
  const rule = rules.find((candidate) => file.startsWith(candidate.from))
  expect(rule, `no rule for ${file}`).toBeDefined()
  for (const specifier of imports(file)) {
    const to = target(file, specifier)
    if ('own' in to) {
      expect(rule?.own.some((prefix) => to.own.startsWith(prefix)), `${file} → ${to.own}`).toBe(true)
      const view = /^renderer\/views\/([^/]+)\//.exec(file)?.[1]
      const other = /^renderer\/views\/([^/]+)\//.exec(to.own)?.[1]
      if (view && other) expect(other, `${file}: a view imports another view, ${to.own}`).toBe(view)
    } else if (rule?.packages === 'none') {
      expect.fail(`${file} imports ${to.pkg}`)
    } else if (rule?.packages instanceof RegExp) {
      expect(to.pkg, `${file} imports ${to.pkg}`).toMatch(rule.packages)
    }
  }
})

test('the rules are not empty words: there are files in every layer that has begun', () => {
  for (const layer of ['contract/', 'engine/', 'renderer/', 'headless/', 'main/', 'preload/']) {
    expect(files.some((file) => file.startsWith(layer)), layer).toBe(true)
  }
})
