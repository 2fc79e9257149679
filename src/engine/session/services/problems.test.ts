import { expect, test } from 'vitest'
import type { Problem } from '#contract/overview'
import { type ProblemSource, problemsContext, problemsList } from './problems.ts'

function source(sourceId: string, text: string, found: [level: Problem['level'], line: number | null, count: number][]): ProblemSource {
  const bytes = Buffer.from(text)
  const lineStarts = [0, ...[...bytes.keys()].filter((at) => bytes[at] === 10).map((at) => at + 1)]
  const problems = found.map(([level, line, count], i): Problem => {
    const byte = line === null ? null : (lineStarts[line - 1] ?? 0)
    return { problemId: `${sourceId}:${i}`, sourceId, kind: 'k', level, title: 't', source: 'f', line, byte, count, message: '', sample: '', did: '' }
  })
  return {
    problems,
    place: (problemId) => {
      const byte = problems.find((problem) => problem.problemId === problemId)?.byte
      return byte === null || byte === undefined ? undefined : { file: 0, byte }
    },
    readSome: async (_file, byte, sizeBytes) => bytes.subarray(byte, byte + sizeBytes)
  }
}

const page = { offset: 0, limit: 200 }
const ids = (problems: readonly Problem[]): string[] => problems.map((problem) => problem.problemId)

test('errors first, then warnings, then notes; each as found; counted over all pages', () => {
  const sources = [source('a', '', [['note', 1, 5], ['error', 2, 1], ['warning', null, 9]]), source('b', '', [['error', 1, 7], ['warning', 3, 1]])]
  const whole = problemsList(sources, page)
  expect(whole).toMatchObject({ total: 5, errors: 2, warnings: 2, notes: 1 })
  expect(ids(whole.problems)).toEqual(['a:1', 'b:0', 'a:2', 'b:1', 'a:0'])
  expect(ids(problemsList(sources, { offset: 1, limit: 2 }).problems)).toEqual(['b:0', 'a:2'])
  expect(problemsList(sources, { offset: 9, limit: 2 })).toMatchObject({ total: 5, problems: [] })
  expect(problemsList(sources, { ...page, sourceId: 'b' })).toMatchObject({ total: 2, errors: 1, warnings: 1, notes: 0 })
})

test('the lines around a problem, of the source it is in', async () => {
  const sources = [source('a', 'a1\na2\na3\n', [['error', 2, 1]]), source('b', 'b1\nb2\nb3\n', [['note', 3, 1], ['warning', null, 1]])]
  expect(await problemsContext(sources, { problemId: 'b:0', lines: 1, lineLength: 100 })).toEqual({
    lines: [{ line: 2, byte: 3, text: 'b2', cut: false, bad: false }, { line: 3, byte: 6, text: 'b3', cut: false, bad: true }]
  })
  expect(await problemsContext(sources, { problemId: 'b:1', lines: 1, lineLength: 100 }), 'a problem of no line').toEqual({ lines: [] })
  await expect(problemsContext(sources, { problemId: 'c:0', lines: 1, lineLength: 100 })).rejects.toMatchObject({ code: 'not-found' })
})
