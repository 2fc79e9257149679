/** Code that brings the present view into a notebook or a shell. */
export function CopyCodeDialog() {
  return null
}
