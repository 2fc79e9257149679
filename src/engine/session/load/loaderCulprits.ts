/** Should DuckDB refuse a segment file after all: which of its lines it is, found by halves, so that the others can be loaded. */
import { readFile, writeFile } from 'node:fs/promises'
import type { LoadPart } from './loadPlan.ts'

export type Culprit = {
  readonly file: number
  readonly fileLine: number
  readonly byte: number
  /** What DuckDB said. */
  readonly message: string
  readonly text: string
}

/** DuckDB refuses the data, not the circumstances (memory, an interrupt). */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && /^(?:Invalid Input|Conversion|Out of Range|Invalid) Error/.test(error.message)
}

/** Takes the lines that `tries` fails on out of the part's file. */
export async function removeCulprits(part: LoadPart, tries: (part: LoadPart) => Promise<void>): Promise<{ part: LoadPart; culprits: Culprit[] }> {
  const lines = (await readFile(part.path, 'utf8')).split('\n').slice(0, -1)
  const culprits: Culprit[] = []
  const good: string[] = []
  const search = async (some: readonly string[]): Promise<void> => {
    const message = await refusal(some, part, tries)
    if (message === null) good.push(...some)
    else if (some.length === 1) culprits.push(culprit(some[0] as string, message))
    else {
      const half = some.length >> 1
      await search(some.slice(0, half))
      await search(some.slice(half))
    }
  }
  await search(lines)
  await writeFile(part.path, good.map((line) => `${line}\n`).join(''))
  return { part: { ...part, rows: good.length }, culprits }
}

async function refusal(lines: readonly string[], part: LoadPart, tries: (part: LoadPart) => Promise<void>): Promise<string | null> {
  const path = `${part.path}.some`
  await writeFile(path, lines.map((line) => `${line}\n`).join(''))
  try {
    await tries({ ...part, path, rows: lines.length })
    return null
  } catch (error) {
    if (!isRefusal(error)) throw error
    return (error as Error).message
  }
}

const header = /^\{"n":\d+,"f":(-?\d+),"l":(\d+),"o":(\d+),.*?,"d":(.*)\}$/s

function culprit(line: string, message: string): Culprit {
  const [, file = '-1', fileLine = '0', byte = '0', text = line] = header.exec(line) ?? []
  return { file: Number(file), fileLine: Number(fileLine), byte: Number(byte), message: message.split('\n')[0] ?? message, text }
}
