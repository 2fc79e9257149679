/** The browser that the end-to-end tests drive. */
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { aptInstall } from './aptInstall.mjs'

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

export function installChromium() {
  return aptInstall('chromium', 'fonts-dejavu-core')
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
