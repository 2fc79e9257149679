/** Figures in the sentences of watches. */

export const numberWords = (value: number): string => value.toLocaleString('en-US', { maximumSignificantDigits: 6 }).replace('-', '−')

/** `3 of 128 tasks`. */
export function tasksWords(tasks: number, of?: number): string {
  const whole = of ?? tasks
  return `${of === undefined ? '' : `${numberWords(tasks)} of `}${whole.toLocaleString('en-US')} ${whole === 1 ? 'task' : 'tasks'}`
}

/** `5 min`, `1 h 30 min`, `45 s`. */
export function lengthWords(seconds: number): string {
  const whole = Math.round(seconds)
  const parts = [
    [Math.floor(whole / 3600), 'h'],
    [Math.floor((whole % 3600) / 60), 'min'],
    [whole % 60, 's']
  ] as const
  const said = parts.filter(([n]) => n > 0).map(([n, unit]) => `${n} ${unit}`)
  return said.length === 0 ? `${numberWords(seconds)} s` : said.join(' ')
}
