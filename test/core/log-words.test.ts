import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { escapedPath, logInputs, wordsOf } from '../../src/core/log-words.ts'

describe('log files as they are typed', () => {
  test.each([
    ['', []],
    ['access.log', [{ name: 'local', pattern: 'access.log' }]],
    [
      ' web1=/var/log/a*.log  web2=~/b.log ',
      [
        { name: 'web1', pattern: '/var/log/a*.log' },
        { name: 'web2', pattern: '~/b.log' },
      ],
    ],
    ['"/my logs/a.log"', [{ name: 'local', pattern: '/my logs/a.log' }]],
    ["web1='/my logs/a.log'", [{ name: 'web1', pattern: '/my logs/a.log' }]],
    ['/my\\ logs/a.log', [{ name: 'local', pattern: '/my logs/a.log' }]],
    ['/var/log/a=b.log', [{ name: 'local', pattern: '/var/log/a=b.log' }]],
    ['web1=', []],
    ['"half a quote', [{ name: 'local', pattern: 'half a quote' }]],
  ])('%j', (line, inputs) => {
    expect(logInputs(line)).toEqual(inputs)
  })

  test('an escaped path is one word, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (paths) => {
        const line = paths.map(escapedPath).join(' ')
        expect(wordsOf(line).map(({ text }) => text)).toEqual(paths)
      }),
    )
  })
})
