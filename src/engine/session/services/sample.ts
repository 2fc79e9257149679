/** The run that a newcomer opens first, wherever this module ended up: sources, built files, a packaged app. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Refusal } from '#contract/reply'

const place = join('resources', 'samples', 'weather_stations.jsonl')

/** @param from the folder to look from, upwards */
export function findSample(from: string = import.meta.dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    // Beside a packaged app's archive first: what lies inside one is no file to anybody but Electron.
    for (const candidate of [join(`${folder}.unpacked`, place), join(folder, place)]) if (existsSync(candidate)) return candidate
    if (dirname(folder) === folder) throw new Refusal('unavailable', 'The sample is not part of this installation.')
  }
}
