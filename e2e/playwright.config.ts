import { defineConfig } from '@playwright/test'
import type { HostName } from './hosts.ts'

/** Machines of others are slow: everything is waited for longer there. */
const isCi = process.env['CI'] === 'true'

/** The same specs on both hosts; `desktop` skips itself, with a reason, where Electron's binary or a display is missing. */
export default defineConfig<{ hostName: HostName }>({
  testDir: '.',
  testMatch: '*.spec.ts',
  timeout: isCi ? 120_000 : 60_000,
  expect: { timeout: isCi ? 30_000 : 15_000 },
  fullyParallel: true,
  workers: 2,
  forbidOnly: isCi,
  // A machine that is busy with other things is no failure of ours.
  retries: isCi ? 2 : 0,
  reporter: 'list',
  outputDir: '../test-results',
  // Recording a trace of every spec takes its share of the time; in CI a second try has one.
  use: { trace: isCi ? 'on-first-retry' : 'retain-on-failure', screenshot: 'only-on-failure' },
  projects: [
    { name: 'served', use: { hostName: 'served' } },
    { name: 'desktop', use: { hostName: 'desktop' } }
  ]
})
