import type { Key } from 'ink'
import { expect, test } from 'vitest'
import { keyNames } from '../../screens/hooks/key-name.ts'

const plain = {} as Key

test.each([
  ['a', ['a']],
  ['/lo\t', ['/', 'l', 'o', 'Tab']],
  ['x \r', ['x', 'Space', 'Enter']],
  ['ab\u007f', ['a', 'b', 'Backspace']],
])('what was typed so fast that it came at once is the keys one by one: %j', (input, names) => {
  expect(keyNames(input, plain)).toEqual(names)
})
