/** What the agents view reads of a task, as SQL over the row alias `r`: which kind of call it is, whose, to what, and its tokens. */
import { numberOf, taskColumns, textOf } from '../overview/taskColumns.ts'
import type { NamedColumn, SourceTable } from '../table/sourceTable.ts'

/** Numbers of `kind` in the query; anything else is no call. */
export const kindNumbers = { model: 0, tool: 1, message: 2, task: 3 } as const

export type CallColumns = Readonly<Record<'kind' | 'agent' | 'source' | 'model' | 'parent' | 'tokensIn' | 'tokensOut' | 'inEstimated' | 'outEstimated', string>>

export function callColumns(table: SourceTable): CallColumns {
  const text = (name: string): string => textOf(table.column('tasks', name))
  const metadata = (names: readonly string[]): NamedColumn[] => names.flatMap((name) => table.column('tasks', `custom_metadata.${name}`) ?? [])
  const first = (names: readonly string[]): string => coalesce([...metadata(names).map((column) => `nullif(${textOf(column)}, '')`), 'NULL::VARCHAR'])
  const counted = (names: readonly string[]): string => coalesce([...metadata(names).map(numberOf), 'NULL::DOUBLE'])
  const [subtype, agent, source] = [text('subtype'), text('agent_id'), text('source_agent_id')]
  const used = { in: counted(['llm_usage.input_tokens', 'llm_usage.llm_input_tokens']), out: counted(['llm_usage.output_tokens', 'llm_usage.llm_output_tokens']) }
  const reported = { in: counted(reportedIn), out: counted(reportedOut) }
  const isEstimate = `starts_with(coalesce(${first(['llm_usage.token_count_source'])}, ''), 'estimated')`
  return {
    kind: `CASE WHEN ${subtype} = 'ai_model_invocation' OR (${subtype} IS NULL AND ${used.in} IS NOT NULL) THEN ${kindNumbers.model}
      WHEN ${subtype} = 'agent_tool' THEN ${kindNumbers.tool}
      WHEN ${subtype} = 'agent_msg' OR (${subtype} IS NULL AND ${source} IS NOT NULL) THEN ${kindNumbers.message}
      WHEN ${agent} IS NOT NULL THEN ${kindNumbers.task} END`,
    agent,
    source,
    model: first(['llm_usage.model', 'llm_usage.llm_model', 'response_metadata.model_name', 'response_metadata.model', 'config.model', 'config.model_name']),
    parent: taskColumns(table).parent,
    // Flowcept's own figure is an estimate wherever the provider gave none: it says so of the two together only.
    tokensIn: `coalesce(${reported.in}, ${used.in})`,
    tokensOut: `coalesce(${reported.out}, ${used.out})`,
    inEstimated: `(${reported.in} IS NULL AND (${isEstimate} OR ${reported.out} IS NOT NULL))`,
    outEstimated: `(${reported.out} IS NULL AND (${isEstimate} OR ${reported.in} IS NOT NULL))`
  }
}

/** Where providers' own counts stand, in Flowcept's order. */
const reportedIn = ['usage_metadata.input_tokens', 'response_metadata.token_usage.prompt_tokens', 'response_metadata.token_usage.input_tokens', 'response_metadata.usage.prompt_tokens', 'response_metadata.usage.input_tokens']
const reportedOut = ['usage_metadata.output_tokens', 'response_metadata.token_usage.completion_tokens', 'response_metadata.token_usage.output_tokens', 'response_metadata.usage.completion_tokens', 'response_metadata.usage.output_tokens']

const coalesce = (expressions: readonly string[]): string => `coalesce(${expressions.join(', ')})`
