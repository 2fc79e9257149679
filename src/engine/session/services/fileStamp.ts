/** Tells whether a file is still the one it was: cheap, and other after every way that editors write. */
import { stat } from 'node:fs/promises'

/** Empty while there is no such file, or it cannot be looked at. */
export async function fileStamp(path: string): Promise<string> {
  return stat(path, { bigint: true }).then(
    ({ ino, mtimeNs, size }) => `${ino} ${mtimeNs} ${size}`,
    () => ''
  )
}
