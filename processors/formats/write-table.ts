import * as layout from '../vector/layout.ts'
import type { ScanTable } from './scan-table.ts'

const blank = 32

/** Writes a table for the program at `at` of its area; the place behind it, a multiple of eight, or undefined where there is no room. */
export const writeTable = (area: DataView, at: number, table: ScanTable): number | undefined => {
  const { first, steps } = table.steps
  let rest = at + layout.tableHeadBytes + steps.length * layout.stepBytes
  const end = rest + [first, ...steps.map(({ after }) => after)].reduce((sum, { length }) => sum + length, 0)
  if (end > layout.headsAt) return undefined
  const put = (place: number, value: number): void => area.setInt32(place, value, true)
  const putText = (place: number, text: Uint8Array): void => {
    put(place, text.length)
    put(place + layout.textRestAt, rest)
    for (let i = 0; i < 8; i++) {
      area.setUint8(place + layout.textHeadAt + i, text[i] ?? 0)
      area.setUint8(place + layout.textMaskAt + i, i < text.length ? 255 : 0)
    }
    for (const byte of text.subarray(8)) area.setUint8(rest++, byte)
  }
  put(at + layout.tableStepsAt, steps.length)
  put(at + layout.tableFlagsAt, flagsOf(table))
  putText(at + layout.tableFirstAt, first)
  for (const [i, { read, slot, padded, times, by, after }] of steps.entries()) {
    const place = at + layout.tableHeadBytes + i * layout.stepBytes
    put(place + layout.stepReadAt, read)
    put(place + layout.stepSlotAt, slot)
    put(place + layout.stepPaddedAt, padded ? 1 : 0)
    put(place + layout.stepEndAt, after[0] ?? blank)
    put(place + layout.stepTimesAt, times)
    put(place + layout.stepByAt, by)
    putText(place + layout.stepAfterAt, after)
  }
  return Math.ceil(end / 8) * 8
}

const flagsOf = ({ isHosted, isProxied, isPeered, takesForwarded }: ScanTable): number =>
  (isHosted ? layout.hostedFlag : 0) +
  (isProxied ? layout.proxiedFlag : 0) +
  (isPeered ? layout.peeredFlag : 0) +
  (takesForwarded ? layout.takesForwardedFlag : 0)
