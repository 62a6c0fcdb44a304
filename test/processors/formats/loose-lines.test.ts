import { expect, test } from 'vitest'
import { eventsOf } from './read-log.ts'
import { samples } from './samples.ts'

const lineOf = (id: string): string => samples.find((sample) => sample.id === id)?.line ?? ''

test.each(['ingress_nginx', 'traefik', 'haproxy_clf'])('a %s line is read the same behind a damaged one', (id) => {
  const line = lineOf(id)
  const [alone] = eventsOf(Buffer.from(`${line}\n`)).events
  for (const damaged of [line.replace(' "GET', ' +0000] "GET'), line.replace(' "GET', '  "GET')]) {
    const { events } = eventsOf(Buffer.from(`${damaged}\n${line}\n`))
    expect(events[1]).toEqual(alone)
    expect(alone?.durationMs).toBe(220)
  }
})
