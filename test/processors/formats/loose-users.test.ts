import { expect, test } from 'vitest'
import { eventsOf } from './read-log.ts'

const lineOf = (user: string): string =>
  `192.0.2.83 - ${user} [12/Mar/2026:10:00:00 +0000] https "GET /a HTTP/1.1" 200 23965 "-" "ExampleBot/2.1"`

test.each(['2001:db8::7', '203.0.113.9', '(203.0.113.9)', 'unknown', 'unknown:80'])(
  'a line with the client %s where a user stands is refused behind another, as it is alone',
  (user) => {
    const both = eventsOf(Buffer.from(`${lineOf('frank')}\n${lineOf(user)}\n${lineOf('john.doe')}\n`)).events
    const alone = eventsOf(Buffer.from(`${lineOf(user)}\n`)).events
    expect(both.length).toBe(2 + alone.length)
    expect(alone.length).toBe(0)
  },
)
