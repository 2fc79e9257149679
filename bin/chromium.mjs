/** The browser that the end-to-end tests drive. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** `PROVSCOPE_CHROMIUM`, one on the PATH, or Playwright's own; null if there is none. */
export async function findChromium() {
  const named = process.env.PROVSCOPE_CHROMIUM
  if (named) return named
  for (const name of ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const path = join(folder, name)
      if (folder !== '' && isExecutable(path)) return path
    }
  }
  const { chromium } = await import('@playwright/test')
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : null
}

/** With apt-get, where that can be done: on Debian and its kin, as root. */
export function installChromium() {
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return false
  const apt = (...args) => spawnSync('apt-get', args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0
  return apt('update') && apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core')
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
