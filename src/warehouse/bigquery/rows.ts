import type { PlainValue } from '../../core/plain-value.ts'
import type { CallOptions } from '../warehouse.ts'
import { decodeRow } from './cells.ts'
import type { Service } from './service.ts'
import { listAnswer, type WireTable } from './wire.ts'

export interface Range {
  readonly start: number
  readonly count: number
  /** Only these columns. */
  readonly columns?: readonly string[]
}

/** Rows of a table by their place in it, as records; free, runs no query. */
export const listRows = async (
  service: Service,
  name: string,
  { schema }: Pick<WireTable, 'schema'>,
  { start, count, columns }: Range,
  options: CallOptions,
): Promise<readonly Readonly<Record<string, PlainValue>>[]> => {
  // cells come in the order of the table, whatever the order asked for
  const fields = columns === undefined ? schema.fields : schema.fields.filter(({ name }) => columns.includes(name))
  const found: Readonly<Record<string, PlainValue>>[] = []
  let pageToken: string | undefined
  do {
    const page = await service.get(
      {
        method: 'GET',
        path: service.datasetPath(`/tables/${encodeURIComponent(name)}/data`),
        query: {
          ...(pageToken === undefined ? { startIndex: `${start}` } : { pageToken }),
          maxResults: `${count - found.length}`,
          selectedFields: fields.map((field) => field.name).join(','),
          'formatOptions.useInt64Timestamp': 'true',
        },
        shape: listAnswer,
        doing: `list the rows of ${name}`,
      },
      options,
    )
    for (const { f } of page.rows) {
      const values = decodeRow(fields, f)
      found.push(Object.fromEntries(fields.map((field, i) => [field.name, values[i] ?? null])))
    }
    pageToken = page.pageToken ?? undefined
    if (page.rows.length === 0) break
  } while (pageToken !== undefined && found.length < count)
  return found.slice(0, count)
}
