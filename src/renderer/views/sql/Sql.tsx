/** Read-only SQL over the records of the source. */
export function Sql() {
  return null
}
