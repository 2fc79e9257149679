/** What makes two values of a column the same value, and the bounds of what is shown of them. */
import type { NamedColumn } from './sourceTable.ts'

/**
 * SQL of the column's storage, equal for values that a filter holds equal: within a mixed column 1 and 1.0 are one number,
 * and a text is one text however its characters are escaped. Lists and dicts are equal if their normal text is, numbers in lists
 * of numbers as above; the order of a dict's keys counts here.
 */
export function valueKey({ sql: expression, storage }: Pick<NamedColumn, 'sql' | 'storage'>): string {
  const sql = `(${expression})`
  if (storage !== 'JSON') return sql
  const number = `CAST(${sql} AS DOUBLE)`
  const normal = `CAST(json_extract(${sql}, '$') AS VARCHAR)`
  return `CASE
    WHEN ${sql} = '-0' THEN '0'
    WHEN regexp_full_match(${sql}, '-?[0-9]+') THEN ${sql}
    WHEN left(${sql}, 1) IN ('-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9') THEN
      CASE WHEN ${number} = trunc(${number}) AND abs(${number}) < 1e38 THEN CAST(CAST(${number} AS HUGEINT) AS VARCHAR) ELSE CAST(${number} AS VARCHAR) END
    WHEN left(${sql}, 1) = '"' THEN CASE WHEN contains(${sql}, '\\') THEN ${normal} ELSE ${sql} END
    WHEN left(${sql}, 1) = '[' AND NOT contains(${sql}, '"') THEN regexp_replace(regexp_replace(${normal}, '\\.0([],])', '\\1', 'g'), '-0([],])', '0\\1', 'g')
    WHEN left(${sql}, 1) IN ('[', '{') THEN ${normal}
    ELSE ${sql} END`
}
