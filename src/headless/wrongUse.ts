/** A command line that makes no sense: told with the place of the mistake, exit code 2. */
export class WrongUse extends Error {
  override name = 'WrongUse'
}
