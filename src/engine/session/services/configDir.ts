/** Where settings live, after each platform's habit. */
import { homedir } from 'node:os'
import { join } from 'node:path'

export function configDir(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (env['PROVSCOPE_CONFIG_DIR']) return env['PROVSCOPE_CONFIG_DIR']
  if (env['XDG_CONFIG_HOME']) return join(env['XDG_CONFIG_HOME'], 'provscope')
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'provscope')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'provscope')
  return join(homedir(), '.config', 'provscope')
}
