import { formatCount } from '../../src/core/format.ts'
import { transformationIds } from '../../src/core/private.ts'
import type { BeforeAfter, LogsRead, Segment, SegmentTone } from '../../src/core/stage.ts'
import { statusCategory, statusWords } from '../../src/core/status.ts'
import type { LogEvent } from '../formats/event.ts'
import { parseLine } from '../formats/parse-line.ts'
import { type Reading, readingOf } from '../formats/reading.ts'
import { maskClient, maskText } from '../mask/mask-text.ts'

/** An example shows what a stage does with its defaults. */
const settings = { maskIpv4: 24, maskIpv6: 64, private: transformationIds }
const windowSeconds = 300

const plain = (text: string): Segment => ({ text, tone: 'plain' })
const muted = (text: string): Segment => ({ text, tone: 'muted' })

/** Text in pieces; those that hold an address are marked, and masked if asked. */
const addressSegments = (text: string, tone: SegmentTone, mask: boolean): readonly Segment[] => {
  const pieces = text.split(/([^0-9A-Za-z:.%_]+)/).filter((piece) => piece !== '')
  const segments = pieces.map((piece): Segment => {
    const masked = maskText(piece, settings)
    return masked.masked === 0 ? plain(piece) : { text: mask ? masked.text : piece, tone }
  })
  const expected = mask ? maskText(text, settings).text : text
  return segments.map((segment) => segment.text).join('') === expected ? segments : [{ text: expected, tone }]
}

const spaced = (columns: readonly (readonly Segment[])[]): readonly Segment[] =>
  columns.filter((column) => column.length > 0).flatMap((column, i) => (i === 0 ? column : [plain('  '), ...column]))

const requestColumns = (event: LogEvent, path: readonly Segment[]): readonly (readonly Segment[])[] => [
  event.method === null ? [] : [plain(event.method)],
  path,
  [plain(statusWords(event.status))],
  event.size === null ? [] : [plain(`${formatCount(Number(event.size))} B`)],
  event.user === null ? [] : [plain(event.user)],
]

/** The reading of the last example: every frame asks for it again. */
let last: { readonly logs: LogsRead; readonly reading: Reading } | undefined

const readingFor = (logs: LogsRead): Reading => {
  if (last?.logs.format !== logs.format || last.logs.client !== logs.client)
    last = { logs, reading: readingOf(logs.format, logs.client) }
  return last.reading
}

const withEvent = (
  line: string,
  logs: LogsRead | undefined,
  after: (event: LogEvent) => readonly Segment[],
): BeforeAfter => {
  const parsed = parseLine(line, logs === undefined ? {} : readingFor(logs))
  const before = addressSegments(line, 'bad', false)
  if (parsed.ok) return { before, after: after(parsed.event) }
  return { before, after: [muted('no log line: kept on the node, counted as rejected')] }
}

/** Raw: the line goes as it is. */
export const sentWhole = (line: string): BeforeAfter => ({
  before: [plain(line)],
  after: addressSegments(line, 'bad', false),
})

/** Structured: columns, with the address whole. */
export const givenShape = (line: string, logs?: LogsRead): BeforeAfter =>
  withEvent(line, logs, (event) =>
    spaced([
      [{ text: event.client, tone: 'bad' }],
      ...requestColumns(event, addressSegments(event.path ?? event.request, 'bad', false)),
    ]),
  )

/** Private: the same columns after masking, without the user. */
export const maskedShape = (line: string, logs?: LogsRead): BeforeAfter =>
  withEvent(line, logs, (event) =>
    spaced([
      [{ text: maskClient(event.client, settings) ?? 'no address', tone: 'good' }],
      ...requestColumns({ ...event, user: null }, addressSegments(event.path ?? event.request, 'good', true)),
    ]),
  )

/** Aggregated: what the line adds to its window, and whether it is an emergency. */
export const countedShape = (line: string, logs?: LogsRead): BeforeAfter =>
  withEvent(line, logs, (event) => {
    const start = new Date(Math.floor(event.second / windowSeconds) * windowSeconds * 1000)
    const endpoint = maskText((event.path ?? '').split('?', 1)[0] ?? '', settings).text
    return spaced([
      [muted(`window ${start.toISOString().slice(11, 16)}`)],
      [plain('+1 request')],
      [plain(`+1 ${statusCategory(event.status)}`)],
      event.size === null ? [] : [plain(`+${formatCount(Number(event.size))} B`)],
      endpoint === '' ? [] : [plain(endpoint)],
      event.status >= 500 ? [{ text: 'and an emergency, at once', tone: 'bad' }] : [],
    ])
  })
