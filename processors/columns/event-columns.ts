import type { MaskSettings } from '../mask/mask-text.ts'
import type { Masker } from '../mask/masker.ts'
import type { ColumnPages, ColumnWriter } from '../parquet/column.ts'
import type { LeafType } from '../parquet/schema.ts'
import { maskRequest, messageOf, namesHost } from '../pass/request.ts'
import * as layout from '../vector/layout.ts'
import type { RoomProgram } from '../vector/room.ts'
import { beginLogIds } from './log-ids.ts'
import { type MaskedTexts, maskedClients, maskedTexts } from './masked-texts.ts'
import { messageTexts, type Spoken } from './message-texts.ts'
import {
  beginCategories,
  beginDurations,
  beginLevels,
  beginSizes,
  beginStatus,
  beginTimes,
  type RowsColumn,
} from './number-columns.ts'
import type { Rows } from './rows.ts'
import type { Scratch } from './scratch.ts'
import { beginTexts, type TextColumn } from './text-column.ts'
import { asWritten, noTexts, type TextSource } from './text-source.ts'
import type { Texts } from './texts.ts'

/** What a table's column may hold of an event. */
export const eventSources = {
  remote_log_id: 'string',
  timestamp: 'timestamp',
  message: 'string',
  alert_level: 'string',
  ip: 'string',
  user_id: 'string',
  method: 'string',
  path: 'string',
  protocol: 'string',
  status: 'int64',
  bytes: 'int64',
  referer: 'string',
  user_agent: 'string',
  status_category: 'string',
  host: 'string',
  duration_ms: 'double',
  forwarded_for: 'string',
} as const satisfies Readonly<Record<string, LeafType>>

export type EventSource = keyof typeof eventSources

/** The events of a chunk, column by column. */
export interface EventColumns {
  readonly rows: number
  readonly columns: Readonly<Record<EventSource, ColumnPages>>
  /** Addresses masked in them. */
  readonly masked: number
  /** Rows in which a full address stands. */
  readonly full: number
}

export interface EventWriter {
  add(rows: Rows): void
  end(): EventColumns
}

export type OpenColumn = (name: string, type: LeafType) => ColumnWriter

export interface EventOptions {
  /** Begins the id of every line. */
  readonly place: string
  /** Offset of the chunk in its log. */
  readonly start: number
  readonly texts: Texts
  readonly openColumn: OpenColumn
  /** Of events and of masked ones another. */
  readonly scratch: Scratch
  /** Of the room where the chunk is, if it is in one. */
  readonly program: RoomProgram | undefined
}

interface Sources {
  /** In the order in which they are asked: the message needs method and path. */
  readonly texts: Readonly<Partial<Record<EventSource, TextSource>>>
  readonly masked: () => number
}

/** Events as they stand in the log. */
export const beginEvents = (options: EventOptions): EventWriter => {
  const { texts } = options
  const spoken: Spoken = {
    request: (rows, row, request) => messageOf(request, rows.statuses[row] ?? 0),
  }
  const given = columnsOf((column) => asWritten(texts, column))
  const message = messageTexts(texts, { method: given.method, path: given.path, spoken }, options.scratch)
  return beginWriter(options, { texts: { ...given, message }, masked: () => 0 })
}

/** Events after masking. */
export const beginMasked = (
  options: EventOptions,
  { masker, settings }: { readonly masker: Masker; readonly settings: MaskSettings },
): EventWriter => {
  const { texts, scratch } = options
  const sources: MaskedTexts[] = []
  let spokenMasked = 0
  const kept = (source: MaskedTexts): MaskedTexts => {
    sources.push(source)
    return source
  }
  const clients = asWritten(texts, layout.clientColumn)
  const given = columnsOf((column) => {
    if (column === layout.clientColumn) return kept(maskedClients(texts, masker, scratch))
    if (column === layout.userColumn && settings.private.includes('users')) return noTexts
    return column === layout.protocolColumn
      ? asWritten(texts, column)
      : kept(maskedTexts(texts, column, masker, scratch))
  })
  const { ip, method, path } = given
  const said = (rows: Rows, row: number, request: string): string =>
    messageOf(maskRequest(request, clients.textOf(rows, row)?.toString() ?? '', settings), rows.statuses[row] ?? 0)
  const spoken: Spoken = {
    request: said,
    onRequest: (request) => {
      spokenMasked += masker.string(request).masked
    },
    // a client that is no address may be named in its request
    other: (rows, row) => {
      if (ip.hasText(rows, row)) return undefined
      const client = clients.textOf(rows, row)?.toString() ?? ''
      const written = { method: method.textOf(rows, row), path: path.textOf(rows, row) }
      if (client === '' || client === '-' || written.method === undefined) return undefined
      const request = `${written.method} ${written.path ?? ''}`
      return namesHost(request, client) ? said(rows, row, request) : undefined
    },
  }
  const message = messageTexts(texts, { method, path, spoken }, scratch)
  const masked = (): number => sources.reduce((sum, source) => sum + source.masked(), spokenMasked)
  return beginWriter(options, { texts: { ...given, message }, masked })
}

const columnsOf = (of: (column: number) => TextSource) => ({
  ip: of(layout.clientColumn),
  user_id: of(layout.userColumn),
  method: of(layout.methodColumn),
  path: of(layout.pathColumn),
  protocol: of(layout.protocolColumn),
  referer: of(layout.refererColumn),
  user_agent: of(layout.agentColumn),
  host: of(layout.hostColumn),
  forwarded_for: of(layout.forwardedColumn),
})

const beginWriter = (options: EventOptions, sources: Sources): EventWriter => {
  const { place, start, texts, openColumn, scratch, program } = options
  const isFull = scratch.flags
  const open = (name: EventSource): ColumnWriter => openColumn(name, eventSources[name])
  const textColumns = Object.entries(sources.texts).map(([name, source]): readonly [string, TextColumn] => [
    name,
    beginTexts(open(name as EventSource), source, scratch.presence),
  ])
  const numberColumns: readonly (readonly [string, RowsColumn])[] = [
    ['remote_log_id', beginLogIds(open('remote_log_id'), place, start, program)],
    ['timestamp', beginTimes(open('timestamp'))],
    ['status', beginStatus(open('status'), scratch)],
    ['alert_level', beginLevels(open('alert_level'), scratch)],
    ['status_category', beginCategories(open('status_category'), scratch)],
    ['bytes', beginSizes(open('bytes'), texts, scratch)],
    ['duration_ms', beginDurations(open('duration_ms'), scratch)],
  ]
  let count = 0
  let full = 0
  return {
    add: (rows) => {
      count += rows.count
      isFull.fill(0)
      for (const [, column] of textColumns) column.add(rows, isFull)
      for (const [, column] of numberColumns) column.add(rows)
      for (let row = 0; row < rows.count; row++) full += isFull[row] ?? 0
    },
    end: () => ({
      rows: count,
      masked: sources.masked(),
      full,
      columns: Object.fromEntries(
        [...textColumns, ...numberColumns].map(([name, column]) => [name, column.end()]),
      ) as EventColumns['columns'],
    }),
  }
}
