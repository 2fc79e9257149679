/** What the session's DuckDB has to bear. */
import { expect, test } from 'vitest'
import { catalogName, Database } from './database.ts'

test('a thousand columns of a few thousand rows fit into little memory', async () => {
  const database = await Database.create({ memoryBytes: 200e6 })
  try {
    const connection = await database.connect()
    const names = Array.from({ length: 1000 }, (_, i) => `c${i}`)
    await connection.run(`CREATE TABLE ${catalogName}.wide (${names.map((name) => `${name} VARCHAR`).join(', ')})`)
    // More than one of DuckDB's vectors, each of which begins with a whole block a column.
    await connection.run(`INSERT INTO ${catalogName}.wide SELECT ${names.map(() => 'i::VARCHAR').join(', ')} FROM range(5000) t(i)`)
    expect(await database.query({ text: `SELECT count(*), max(c999::INT) FROM ${catalogName}.wide`, values: [] })).toEqual([[5000n, 4999]])
    connection.closeSync()
  } finally {
    await database.close()
  }
})
