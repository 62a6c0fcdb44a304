import { type Detected, mergeDetected, nothingDetected } from '../../src/core/detected.ts'
import { detect, detectBytes } from '../formats/detect.ts'
import type { Moment } from '../formats/parse-time.ts'
import type { Reading } from '../formats/reading.ts'
import type { Source } from './source.ts'

/** Logs whose first lines are looked at. */
const mostLogs = 20

/** What the first lines of these logs show, all together. */
export const detectLogs = async (sources: readonly Source[], reading: Reading, now: Moment): Promise<Detected> => {
  let detected = nothingDetected
  for (const source of sources.slice(0, mostLogs)) {
    const head = Buffer.alloc(Math.min(detectBytes, source.size))
    const bytes = head.subarray(0, await source.read(0, head))
    // a line that is cut by the end of what is looked at says nothing
    const whole = bytes.length < source.size ? bytes.subarray(0, bytes.lastIndexOf(10) + 1) : bytes
    detected = mergeDetected(detected, detect(whole, reading, now))
  }
  return detected
}
