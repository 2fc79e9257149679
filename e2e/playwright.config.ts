import { defineConfig } from '@playwright/test'
import type { HostName } from './hosts.ts'

/** The same specs on both hosts; `desktop` skips itself, with a reason, where Electron's binary or a display is missing. */
export default defineConfig<{ hostName: HostName }>({
  testDir: '.',
  testMatch: '*.spec.ts',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  fullyParallel: true,
  workers: 2,
  forbidOnly: process.env['CI'] === 'true',
  // A machine that is busy with other things is no failure of ours.
  retries: process.env['CI'] === 'true' ? 2 : 0,
  reporter: 'list',
  outputDir: '../test-results',
  // Recording a trace of every spec takes its share of the time; in CI a second try has one.
  use: { trace: process.env['CI'] === 'true' ? 'on-first-retry' : 'retain-on-failure', screenshot: 'only-on-failure' },
  projects: [
    { name: 'served', use: { hostName: 'served' } },
    { name: 'desktop', use: { hostName: 'desktop' } }
  ]
})
