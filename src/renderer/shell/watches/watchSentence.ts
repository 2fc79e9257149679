/** A watch in words. */
import type { DraftWatch } from '#contract/watches'
import { count, seconds } from '../../parts/format.ts'
import { phraseOf, splitFilter } from '../../state/filterWords.ts'

/** Of a watch, what it looks for, as a sentence. */
export function watchSentence({ match, within, condition }: DraftWatch): string {
  const words = (scope: DraftWatch['match']): string => [...splitFilter(scope.filter).map(phraseOf), scope.search === '' ? '' : `“${scope.search}”`].filter((part) => part !== '').join(' and ')
  const tasks = words(match) === '' ? 'any task' : `tasks with ${words(match)}`
  const among = words(within) === '' ? '' : `, of those with ${words(within)}`
  switch (condition.kind) {
    case 'any':
      return `There are ${tasks === 'any task' ? 'any tasks' : tasks}${among}`
    case 'count':
      return `${condition.than === 'above' ? 'More' : 'Fewer'} than ${count(condition.tasks)}: ${tasks}${among}`
    case 'share':
      return `More than ${Number((condition.above * 100).toPrecision(6))} %: ${tasks}${among}`
    case 'stalled':
      return `Nothing arrives for ${seconds(condition.seconds, 0)} of ${tasks}${among}`
    case 'metric':
      return `${{ latest: 'The latest', mean: 'The mean', max: 'The greatest', min: 'The least' }[condition.of]} ${condition.column} is ${condition.than} ${condition.value}, of ${tasks}${among}`
  }
}
