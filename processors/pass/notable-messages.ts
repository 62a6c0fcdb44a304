import type { MaskSettings } from '../mask/address.ts'
import type { MessageRow } from './output.ts'
import { maskedMessageOf } from './request.ts'
import type { Requests, RequestVerdict } from './requests.ts'

/** Notable messages a window. */
const mostMessages = 5

/** Messages that are remembered between chunks. */
const mostRemembered = 10_000

interface Notable {
  readonly rank: number
  readonly message: string
}

/** Keeps the best messages of each window, by rank and then by text: the same ones in whatever order and pieces they come. */
export const createNotableMessages = ({ verdicts, textOf }: Requests, settings: MaskSettings) => {
  const made = new Map<number, string>()
  let windows = new Map<number, Notable[]>()

  const messageOf = (status: number, request: number): string => {
    const key = request * 1_000 + status
    const known = made.get(key)
    if (known !== undefined) return known
    const message = maskedMessageOf(textOf(request).text, status, '-', settings)
    made.set(key, message)
    return message
  }

  return {
    begin: (): void => {
      windows = new Map()
      if (made.size > mostRemembered) made.clear()
    },
    see: (window: number, status: number, request: number): void => {
      const kept = windows.get(window) ?? []
      const last = kept[mostMessages - 1]
      const rank = rankOf(status, verdicts[request])
      if (last !== undefined && rank > last.rank) return
      const message = messageOf(status, request)
      if (last !== undefined && rank === last.rank && message >= last.message) return
      if (kept.some((one) => one.message === message)) return
      kept.push({ rank, message })
      kept.sort((a, b) => a.rank - b.rank || (a.message < b.message ? -1 : 1))
      kept.length = Math.min(kept.length, mostMessages)
      windows.set(window, kept)
    },
    end: (): readonly MessageRow[] =>
      [...windows]
        .sort(([a], [b]) => a - b)
        .flatMap(([window, kept]) => kept.map(({ message }) => ({ window_us: BigInt(window) * 1_000_000n, message }))),
  }
}

/** Server errors first, then attacks, then the other refusals. */
const rankOf = (status: number, verdict: RequestVerdict | undefined): number =>
  status >= 500 ? 0 : verdict?.path.unserved !== undefined ? 1 : 2
