/** Values as Python writes them, exactly. */
import type { Operand } from '#contract/filterOperand'

export function pythonText(value: Operand): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return numberText(value)
  if (value instanceof Map) return `{${[...(value as ReadonlyMap<string, Operand>)].map(([key, item]) => `${quoted(key)}: ${pythonText(item)}`).join(', ')}}`
  return pythonList(value as readonly Operand[])
}

export function pythonList(items: readonly Operand[], indent = ''): string {
  const texts = items.map(pythonText)
  const line = `[${texts.join(', ')}]`
  if (line.length + indent.length <= lineLength || items.length < 2) return line
  return `[\n${wrapped(texts, `${indent}    `)}\n${indent}]`
}

/** The escapes of JSON are Python's too, half surrogate pairs among them. */
export function quoted(text: string): string {
  return JSON.stringify(text)
}

const lineLength = 110

function wrapped(texts: readonly string[], indent: string): string {
  const lines: string[] = []
  let line = indent
  for (const text of texts) {
    if (line.length > indent.length && line.length + text.length + 2 > lineLength) {
      lines.push(line.trimEnd())
      line = indent
    }
    line += `${text}, `
  }
  return [...lines, line.trimEnd().replace(/,$/, '')].join('\n')
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'float("nan")'
  if (!Number.isFinite(value)) return value > 0 ? 'float("inf")' : 'float("-inf")'
  return Object.is(value, -0) ? '-0.0' : String(value)
}
