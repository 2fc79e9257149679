import { expect, test } from 'vitest'
import { secondsText } from './secondsText.ts'

test('a length of time has three digits and the unit that suits it', () => {
  expect([0, 1234.5678, 12.5, 0.012345, 0.000012345, 1e-7, -2.5].map(secondsText)).toEqual(['0 s', '1,234.57 s', '12.5 s', '12.3 ms', '12.3 µs', '0.1 µs', '-2.5 s'])
})
