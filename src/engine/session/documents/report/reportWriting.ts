/** The HTML report of a subject. */
import type { Made } from '../documentWriting.ts'
import type { Making } from '../prov/provWriting.ts'
import { reportFigures } from './reportFigures.ts'
import { reportPage } from './reportPage.ts'

export async function reportHtml(made: Made, { onTasks, signal }: Making): Promise<string> {
  const figures = await reportFigures(made, signal)
  onTasks(made.subject.counts.tasks)
  return reportPage(made.subject, made.facts, figures)
}
