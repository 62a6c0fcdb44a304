import type { LeafData } from '../parquet/column.ts'
import { listLevels } from '../parquet/lists.ts'
import { textsOf } from '../parquet/values.ts'
import type { WindowCounts } from '../pass/window-counts.ts'
import { createEndpointOrder } from './endpoint-order.ts'
import type { Sums } from './sums.ts'
import { createWholes, type Wholes } from './wholes.ts'

/** Endpoints of a window that keep their name, the largest ones, so that a scan of random paths stays small. */
const mostEndpoints = 1000

/** What the other endpoints are called together. */
const others = '(other)'

/** How deep a value of a record in a list lies. */
const inRecord = 4

/** The leaves of a list of records: what each is about, its requests and its bytes. */
type RecordLeaves = readonly [LeafData, LeafData, LeafData]

/** A list of records, window after window. */
interface WindowList {
  /** Takes in the sums of a window, which the call may change. */
  add(sums: Sums): void
  end(): RecordLeaves
}

/** The endpoints of windows by their requests, most first. */
export const beginEndpoints = (counts: WindowCounts, windows: number): WindowList & { readonly size: number } => {
  const known = counts.texts.indexOf(others)
  const texts = known < 0 ? [...counts.texts, others] : counts.texts
  const other = known < 0 ? texts.length - 1 : known
  const used = new Uint8Array(texts.length)
  used[other] = 1
  for (const endpoint of counts.endpoints.subarray(0, counts.length)) used[endpoint] = 1
  const sort = createEndpointOrder(texts, used)
  const records = beginRecords(counts.length + windows, windows)
  const named = beginTexts(texts, counts.length + windows)

  return {
    size: texts.length,
    add(sums) {
      const keys = sums.keys()
      const ranked = sort(
        keys.filter((endpoint) => endpoint !== other),
        sums.requestsOf,
      )
      let listed = ranked
      if (ranked.length < keys.length || ranked.length > mostEndpoints) {
        for (const endpoint of ranked.subarray(mostEndpoints)) {
          const bytes = sums.bytesOf(endpoint)
          const [sum, large] = typeof bytes === 'bigint' ? [0, bytes] : [bytes, undefined]
          sums.add(other, sums.requestsOf(endpoint), sum, large)
        }
        listed = sort(Int32Array.of(...ranked.subarray(0, mostEndpoints), other), sums.requestsOf)
      }
      for (const endpoint of listed) {
        named.put(endpoint)
        records.put(sums, endpoint)
      }
      records.endList(listed.length)
    },
    end: () => {
      const { lengths, requests, bytes } = records.end()
      const { leaf, isNull } = named.end()
      return [{ ...leaf, levels: listLevels(lengths, inRecord, isNull) }, requests, bytes]
    },
  }
}

/** The statuses of windows in their order. */
export const beginStatuses = (most: number, windows: number): WindowList => {
  const records = beginRecords(most, windows)
  const statuses = createWholes(most)
  return {
    add(sums) {
      const keys = sums.keys().slice().sort()
      for (const status of keys) {
        statuses.put(status)
        records.put(sums, status)
      }
      records.endList(keys.length)
    },
    end: () => {
      const { levels, requests, bytes } = records.end()
      return [{ values: statuses.values(), levels }, requests, bytes]
    },
  }
}

/** Requests and bytes of the records of lists. */
const beginRecords = (most: number, windows: number) => {
  const requests = createWholes(most)
  const bytes = createWholes(most)
  const lengths = new Int32Array(windows)
  let lists = 0
  return {
    put(sums: Sums, key: number): void {
      requests.put(sums.requestsOf(key))
      bytes.put(sums.bytesOf(key))
    },
    endList(length: number): void {
      lengths[lists++] = length
    },
    end: () => {
      const levels = listLevels(lengths, inRecord)
      const leafOf = (wholes: Wholes): LeafData => ({ values: wholes.values(), levels })
      return { lengths, levels, requests: leafOf(requests), bytes: leafOf(bytes) }
    },
  }
}

/** Texts by their places, of which each is written once. */
const beginTexts = (texts: readonly (string | null)[], most: number) => {
  const placeOf = new Int32Array(texts.length).fill(-1)
  const written: string[] = []
  const numbers = new Int32Array(most)
  const nulls: number[] = []
  let entries = 0
  let present = 0
  return {
    put(place: number): void {
      const text = texts[place] ?? null
      if (text === null) nulls.push(entries)
      else {
        if (placeOf[place] === -1) placeOf[place] = written.push(text) - 1
        numbers[present++] = placeOf[place] ?? 0
      }
      entries += 1
    },
    end: (): { readonly leaf: Omit<LeafData, 'levels'>; readonly isNull: (entry: number) => boolean } => {
      const none = new Set(nulls)
      return {
        leaf: { values: textsOf(written), numbers: numbers.subarray(0, present) },
        isNull: (entry) => none.has(entry),
      }
    },
  }
}
