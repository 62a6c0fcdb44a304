import { describe, expect, test } from 'vitest'
import { stages } from '../../../processors/stages/index.ts'
import type { Segment } from '../../../src/core/stage.ts'
import { stageOf } from '../write/support.ts'

const line =
  '88.103.25.124 - u17 [2026-11-24T10:22:31Z] "GET /whois?host=2001:db8:41c2:9:0:8a2e:370:7334 HTTP/1.1" 200 3358 "-" "x"'
const failure = '198.51.100.7 - - [2026-11-24T10:29:59Z] "POST /cart HTTP/1.1" 503 12 "-" "x"'

const textOf = (segments: readonly Segment[]): string => segments.map((segment) => segment.text).join('')
const marked = (segments: readonly Segment[], tone: string): readonly string[] =>
  segments.filter((segment) => segment.tone === tone).map((segment) => segment.text)

describe('what a stage makes of a line', () => {
  test('shows the line itself before', () => {
    for (const stage of stages) expect(textOf(stage.beforeAfter(line).before)).toBe(line)
  })

  test('raw: all of it, the addresses marked', () => {
    const { after } = stageOf('raw').beforeAfter(line)
    expect(textOf(after)).toBe(line)
    expect(marked(after, 'bad')).toEqual(['88.103.25.124', '2001:db8:41c2:9:0:8a2e:370:7334'])
  })

  test('structured: columns', () => {
    const { after } = stageOf('structured').beforeAfter(line)
    expect(textOf(after)).toBe('88.103.25.124  GET  /whois?host=2001:db8:41c2:9:0:8a2e:370:7334  200 OK  3,358 B  u17')
  })

  test('private: columns without addresses', () => {
    const { before, after } = stageOf('private').beforeAfter(line)
    expect(textOf(after)).toBe('88.103.25.0  GET  /whois?host=2001:db8:41c2:9::  200 OK  3,358 B  u17')
    expect(marked(before, 'bad')).toEqual(['88.103.25.124', '2001:db8:41c2:9:0:8a2e:370:7334'])
    expect(marked(after, 'good')).toEqual(['88.103.25.0', '2001:db8:41c2:9::'])
  })

  test('aggregated: what it adds to its window, and whether it is an emergency', () => {
    const stage = stageOf('aggregated')
    expect(textOf(stage.beforeAfter(line).after)).toBe('window 10:20  +1 request  +1 OK  +3,358 B  /whois')
    expect(textOf(stage.beforeAfter(failure).after)).toBe(
      'window 10:25  +1 request  +1 Server Error  +12 B  /cart  and an emergency, at once',
    )
  })

  test('says so when the line is none', () => {
    for (const id of ['structured', 'private', 'aggregated']) {
      expect(textOf(stageOf(id).beforeAfter('garbage').after)).toBe(
        'no log line: kept on the node, counted as rejected',
      )
    }
  })
})
