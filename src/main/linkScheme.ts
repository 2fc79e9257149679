/** The scheme of links that other programs hand to Provscope. */
export const linkScheme = 'provscope'

export const isLink = (text: string): boolean => /^provscope:/i.test(text)
