/** Which Node versions Provscope runs on: those that package.json names under `engines`. */

/** @returns {string | null} a sentence, if this one is too old */
export function tooOld(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const fine = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22
  return fine ? null : `Provscope needs Node.js 20.19 or later, or 22.12 or later; this is ${version}.`
}
