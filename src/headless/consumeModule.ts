/** Loads a consumer that somebody wrote, in TypeScript or JavaScript, from any folder. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createJiti } from 'jiti'
import { Refusal } from '#contract/reply'
import { WrongUse } from './wrongUse.ts'

/** What `import … from 'provscope'` means there: this very installation, wherever the module lies. */
const builtEntry = join(import.meta.dirname, 'consumer.js')

/** @returns the module's default export. @throws WrongUse for a module that is not there or has none, Refusal for one that cannot be run */
export async function consumeModule(named: string): Promise<unknown> {
  const path = resolve(named)
  if (!/\.[cm]?[jt]s$/.test(path)) throw new WrongUse(`${path} is no module: its name ends in .ts, .mts, .js or .mjs`)
  if (!existsSync(path)) throw new WrongUse(`there is no module ${path}`)
  const jiti = createJiti(path, { alias: { provscope: builtEntry }, nativeModules: [builtEntry], fsCache: false, interopDefault: false })
  let loaded: unknown
  try {
    loaded = await jiti.import(path)
  } catch (error) {
    throw new Refusal('unavailable', `${path} cannot be run: ${error instanceof Error ? ownStack(error) : String(error)}`)
  }
  const exported = typeof loaded === 'object' && loaded !== null && 'default' in loaded ? loaded.default : undefined
  if (exported === undefined) throw new WrongUse(`${path} has no default export; it needs one that extends BaseConsumer: export default class … extends BaseConsumer`)
  return exported
}

/** Without the frames of what loads it. */
export function ownStack(error: Error): string {
  const lines = (error.stack ?? error.message).split('\n')
  return lines.filter((line) => !/^\s+at .*(?:node_modules|node:internal|[\\/]out[\\/]main[\\/])/.test(line)).join('\n')
}
