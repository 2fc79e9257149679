/** Debian packages, where they can be installed: on Debian and its kin, as root. */
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'

/** Asked by packages whether they may start their services: the tests start servers of their own, and want no others. */
const policy = '/usr/sbin/policy-rc.d'
let updated = false

/** @returns {boolean} whether all are there now */
export function aptInstall(...packages) {
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return false
  const apt = (...args) => spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0
  updated ||= apt('update', '-q')
  const ours = !existsSync(policy)
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    return apt('install', '-y', '-q', '--no-install-recommends', ...packages)
  } finally {
    if (ours) rmSync(policy, { force: true })
  }
}
