/** Frames that did not come from the broker but were filled in from a file: their channel says so, and from where. */

const prefix = '\u0000filled from '

export const fillChannel = {
  of: (file: string): string => `${prefix}${file}`,
  is: (channel: string): boolean => channel.startsWith(prefix)
}
