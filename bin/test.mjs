/**
 * `npm test`: build, type check, linter, unit tests and end-to-end tests, and one line with the counts.
 * `--install` (or CI=true) installs a missing browser and missing servers where that can be done; `--strict` (or CI=true) fails if a
 * part was skipped.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ensureBuilt } from './build.mjs'
import { findChromium, installChromium } from './chromium.mjs'
import { tooOld } from './nodeVersion.mjs'
import { installServers, missingServers, wantAll } from './servers.mjs'

const root = dirname(import.meta.dirname)
const ci = process.env.CI === 'true'
const install = ci || process.argv.includes('--install')
const strict = ci || process.argv.includes('--strict')
const reports = mkdtempSync(join(tmpdir(), 'provscope-test-'))
const total = { passed: 0, failed: 0, skipped: 0 }
/** What failed or was left out, told once more at the end. */
const remarks = []

try {
  process.exitCode = await main()
} finally {
  rmSync(reports, { recursive: true, force: true })
}

async function main() {
  const sentence = tooOld()
  if (sentence !== null) {
    process.stderr.write(`${sentence}\n`)
    return 1
  }
  check('build', () => ensureBuilt({ always: true }))
  check('type check', () => npx('tsc', '-p', 'tsconfig.node.json') && npx('tsc', '-p', 'tsconfig.web.json') && npx('tsc', '-p', 'tsconfig.preload.json') && npx('tsc', '-p', 'tsconfig.e2e.json') && npx('tsc', '-p', 'examples'))
  check('linter', () => npx('oxlint', '--deny-warnings', 'src', 'e2e', 'bench', 'bin', 'examples', 'types'))
  unitTests()
  await endToEndTests()
  for (const remark of remarks) process.stdout.write(`${remark}\n`)
  process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`)
  return total.failed > 0 ? 1 : 0
}

/** Counts as a failure of its own; as no test if all is well. */
function check(name, run) {
  heading(name)
  if (run()) process.stdout.write('ok\n')
  else fail(`The ${name} failed.`)
}

function unitTests() {
  heading('unit tests')
  if (ci) wantAll()
  if (install) installServers()
  const missing = missingServers()
  for (const sentence of missing) remarks.push(`${sentence} Its tests were skipped.`)
  if (strict && missing.length > 0) fail('A part was skipped for a missing server.')
  const report = join(reports, 'unit.json')
  const fine = npx('vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`)
  const result = readReport(report)
  if (result === null) return fail('The unit tests did not run to their end.')
  total.passed += result.numPassedTests
  total.failed += result.numFailedTests
  total.skipped += result.numPendingTests + result.numTodoTests
  if (!fine && result.numFailedTests === 0) fail('The unit tests failed outside of a test.')
}

async function endToEndTests() {
  heading('end-to-end tests')
  const chromium = (await findChromium()) ?? (install && installChromium() ? await findChromium() : null)
  if (chromium === null) {
    const skipped = playwright({}, '--list')
    total.skipped += skipped?.stats.skipped ?? 0
    remarks.push('The end-to-end tests were skipped: no Chromium was found ("npm test -- --install" installs one on Debian, as root).')
    if (strict) fail('A part was skipped for a missing browser.')
    return
  }
  const result = playwright({ PROVSCOPE_CHROMIUM: chromium })
  if (result === null) return fail('The end-to-end tests did not run to their end.')
  const { expected, flaky, unexpected, skipped } = result.stats
  total.passed += expected + flaky
  total.failed += unexpected
  total.skipped += skipped
  if (result.failedToStart && unexpected === 0) fail('The end-to-end tests failed outside of a test.')
}

function playwright(env, ...args) {
  const report = join(reports, 'e2e.json')
  const fine = npxWith({ ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: report }, 'playwright', 'test', '-c', 'e2e/playwright.config.ts', '--reporter=list,json', ...args)
  const result = readReport(report)
  return result && { ...result, failedToStart: !fine }
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    return null
  }
}

function npxWith(env, tool, ...args) {
  const { status } = spawnSync(process.execPath, [entry(tool), ...args], { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
  return status === 0
}

function npx(tool, ...args) {
  return npxWith({}, tool, ...args)
}

/** The script behind a tool's command, so that no shell is needed on any platform. */
function entry(tool) {
  const name = { tsc: 'typescript', playwright: '@playwright/test' }[tool] ?? tool
  const folder = join(root, 'node_modules', name)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return join(folder, typeof bin === 'string' ? bin : bin[tool])
}

function heading(name) {
  process.stdout.write(`\n── ${name}\n`)
}

function fail(remark) {
  total.failed += 1
  remarks.push(remark)
}
