/** Buffer files of one run that belong together: joined, checked, and only then deleted. */
export function BuffersDialog() {
  return null
}
