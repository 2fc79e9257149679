/** Pieces of SQL put together with their `?` parameters in the right order. */
import type { Sql, SqlValue } from './sourceTable.ts'

/** Splices pieces into text; only `Sql` can be put in, so that nothing gets in by concatenation. */
export function sql(strings: TemplateStringsArray, ...pieces: readonly Sql[]): Sql {
  let text = strings[0] as string
  const values: SqlValue[] = []
  for (const [index, piece] of pieces.entries()) {
    text += piece.text + (strings[index + 1] as string)
    for (const value of piece.values) values.push(value)
  }
  return { text, values }
}

/** A parameter. */
export function param(value: SqlValue): Sql {
  return { text: '?', values: [value] }
}

/** Text that is ours: names of columns, numbers of shapes. */
export function raw(text: string): Sql {
  return { text, values: [] }
}

export function joinSql(pieces: readonly Sql[], separator: string): Sql {
  const values: SqlValue[] = []
  for (const piece of pieces) for (const value of piece.values) values.push(value)
  return { text: pieces.map((piece) => piece.text).join(separator), values }
}

export const always = raw('TRUE')
export const never = raw('FALSE')

/** Conditions hold or do not: NULL counts as not. */
export function allOf(conditions: readonly Sql[]): Sql {
  if (conditions.some((condition) => condition.text === never.text)) return never
  const needed = conditions.filter((condition) => condition.text !== always.text)
  if (needed.length === 0) return always
  return needed.length === 1 ? (needed[0] as Sql) : sql`(${joinSql(needed, ' AND ')})`
}

export function anyOf(conditions: readonly Sql[]): Sql {
  if (conditions.some((condition) => condition.text === always.text)) return always
  const needed = conditions.filter((condition) => condition.text !== never.text)
  if (needed.length === 0) return never
  return needed.length === 1 ? (needed[0] as Sql) : sql`(${joinSql(needed, ' OR ')})`
}

/** True where the condition is false or NULL. */
export function noneOf(condition: Sql): Sql {
  if (condition.text === always.text) return never
  if (condition.text === never.text) return always
  return sql`((${condition}) IS NOT TRUE)`
}
