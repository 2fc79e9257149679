/** Words for shells: what a POSIX shell gives a command is what was meant. */
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { powershellWord, quotableJson, shellWord } from './shellText.ts'

const words = ['plain', '--filter', '-x', 'a b', "it's", '"quoted"', '$HOME `id` $(id) \\', 'line\nbreak', '*?[a]{b,c}~!#&;|<>', '', "‘typographic’", 'ünï', '%PATH%', '@x', 'a,b']

test('a POSIX shell reads each as it is', () => {
  const out = spawnSync('sh', ['-c', `printf '%s\\0' ${words.map(shellWord).join(' ')}`], { encoding: 'utf8' }).stdout
  expect(out.split('\0').slice(0, -1)).toEqual(words)
})

test('without quotation marks both shells have the same words; JSON needs none', () => {
  for (const word of words.filter((one) => !/['‘’]/.test(one))) expect(powershellWord(word)).toBe(shellWord(word))
  expect(powershellWord("it's ‘so’")).toBe("'it''s ‘‘so’’'")
  const json = quotableJson({ a: "it's ‘so’" })
  expect(json).not.toMatch(/['‘’]/)
  expect(JSON.parse(json)).toEqual({ a: "it's ‘so’" })
})
