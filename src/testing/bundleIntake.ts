/** The intake as it is built: startIntake with the script of its worker beside it, for tests that want the worker, or a process of its own. */
import { copyFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { bundleModule } from './bundleModule.ts'

/** @returns the path of the bundled module; remove its folder when done */
export async function bundleIntake(entry = 'src/engine/sources/queue/startIntake.ts'): Promise<string> {
  const name = `intake-${Math.random().toString(36).slice(2)}`
  const module = await bundleModule(entry, name)
  const worker = await bundleModule('src/engine/sources/queue/intakeWorker.ts', `${name}-worker`)
  const folder = dirname(module)
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  await copyFile(worker, join(folder, 'intakeWorker.js'))
  await rm(dirname(worker), { recursive: true })
  return module
}
