import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { askBackground, backgroundOf, type TerminalStreams } from '../../src/terminal-background.ts'

/** A terminal that answers, while a person presses keys. */
const terminal = (answer: string) => {
  const stdin = Object.assign(new PassThrough(), { setRawMode: () => undefined })
  const stdout = { write: () => stdin.write(answer) }
  return { stdin, stdout } as unknown as TerminalStreams
}

describe('the background of the terminal', () => {
  test.each([
    ['\u001b]11;rgb:ffff/ffff/ffff\u0007', 'light'],
    ['\u001b]11;rgb:11/15/1c\u001b\\', 'dark'],
    ['\u001b[?62;c', undefined],
  ])('%j is %s', (answer, background) => expect(backgroundOf(answer)).toBe(background))

  test('is told by the terminal, and keys pressed meanwhile are kept', async () => {
    const streams = terminal('j\u001b]11;rgb:fbfb/fafa/f7f7\u001b\\\u001b[?62;22ck')
    expect(await askBackground(streams, 10_000)).toBe('light')
    expect(String(streams.stdin.read())).toBe('jk')
  })

  test('stays unknown when a terminal knows only the second question, or none', async () => {
    expect(await askBackground(terminal('\u001b[?1;2c'), 10_000)).toBe(undefined)
    expect(await askBackground(terminal(''), 5)).toBe(undefined)
  })
})
