/** What this is: version, licences of what it is made of. */
export function AboutDialog() {
  return null
}
