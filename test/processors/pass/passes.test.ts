import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { log } from '../formats/lines.ts'
import { findFullAddresses } from '../mask/scan.ts'
import { exactly } from './exact.ts'
import { everything, lineEnds, runPass, withoutAlertCounts } from './support.ts'

describe('a pass over any log', () => {
  test('gives what the exact rules give for each line', () => {
    fc.assert(
      fc.property(log, (bytes) => {
        const { counts, rejects, events } = runPass(bytes, ['events'])
        const { windowCounts } = runPass(bytes, ['counts'])
        const { masked, counts: maskedCounts } = runPass(bytes, ['masked'])
        const exact = exactly(bytes)
        expect({ rejects, events, masked, windowCounts }).toEqual({
          rejects: exact.rejects,
          events: exact.events,
          masked: exact.masked,
          windowCounts: exact.windowCounts,
        })
        expect(counts).toEqual({ ...exact.counts, masked: 0 })
        expect(maskedCounts).toEqual({ ...exact.counts, full_addresses: 0 })
      }),
      { numRuns: 1_500 },
    )
  })

  test('gives the same however it is cut', () => {
    const cutLog = fc.tuple(log, fc.infiniteStream(fc.boolean())).map(([bytes, chosen]) => ({
      bytes,
      cuts: lineEnds(bytes).filter(() => chosen.next().value === true),
    }))
    fc.assert(
      fc.property(cutLog, ({ bytes, cuts }) => {
        const { messages: _, ...whole } = withoutAlertCounts(runPass(bytes, everything))
        const { messages: __, ...pieces } = withoutAlertCounts(runPass(bytes, everything, cuts))
        expect(pieces).toEqual(whole)
        expect(runPass(bytes, ['lines'], cuts)).toEqual(runPass(bytes, ['lines']))
      }),
      { numRuns: 500 },
    )
  })

  test('leaves no full address in what is masked', () => {
    fc.assert(
      fc.property(log, (bytes) => {
        const { masked, windowCounts, messages, alerts } = runPass(bytes, ['masked', 'counts', 'alerts'])
        const texts = [
          ...masked.flatMap((row) => Object.values(row)),
          ...windowCounts.map(({ endpoint }) => endpoint),
          ...(messages ?? []).map(({ message }) => message),
          ...alerts.flatMap(({ message, reason, ip, event_id }) => [message, reason, ip, event_id]),
        ]
        expect(texts.filter((text) => typeof text === 'string').flatMap(findFullAddresses)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})
