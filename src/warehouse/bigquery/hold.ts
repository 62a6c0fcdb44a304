import { createHash } from 'node:crypto'
import { AppError } from '../../core/errors.ts'
import { mergedName } from '../../core/tables.ts'
import type { Holder } from '../../hold-file.ts'
import type { CallOptions } from '../warehouse.ts'
import { writtenByAnother } from '../writer.ts'
import type { Service } from './service.ts'
import { findTableInfo, patchTable } from './tables.ts'

/** Labels of the view, because the change of a table would look like an arrival of rows. */
const label = {
  id: 'bbq_writer',
  host: 'bbq_writer_host',
  pid: 'bbq_writer_pid',
  /** Seconds since the epoch. */
  until: 'bbq_writer_until',
} as const

const renewMs = 60_000
/** So long a writer that was killed, or that reaches BigQuery no more, still holds the dataset. */
const leaseMs = 3 * renewMs
const lastMs = 5_000
const mostRaces = 8

const asLabel = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, '-')
    .slice(0, 63)

/** The same for every program over one state folder: what a killed one held is the next one's. */
const idOf = ({ host = '', stateDir = '' }: Holder): string =>
  createHash('sha256').update(`${host}\0${stateDir}`).digest('hex').slice(0, 32)

/** The hold of one writer on a dataset. */
export interface Hold {
  /** Takes the dataset for as long as it is not released; refused while another state folder has it. */
  readonly take: (options: CallOptions) => Promise<void>
  readonly release: () => Promise<void>
}

/** A lease that is renewed; nothing but the clocks of both machines tells when one is over. */
export const openHold = (service: Service, writer: Holder, now: () => number): Hold => {
  const id = idOf(writer)
  const { project, dataset } = service.place
  let renewing: NodeJS.Timeout | undefined

  const change = async (labels: () => Readonly<Record<string, string>>, options: CallOptions): Promise<void> => {
    for (let races = 0; races < mostRaces; races += 1) {
      const found = await findTableInfo(service, mergedName, options)
      if (found === undefined) return
      const has = found.labels
      const until = Number(has[label.until] ?? 0) * 1000
      if (has[label.id] !== undefined && has[label.id] !== id && until > now())
        throw writtenByAnother(`${project}.${dataset}`, {
          who: `process ${has[label.pid]} on ${has[label.host]}`,
          until: `It holds the tables until ${new Date(until).toISOString().replace('.000Z', 'Z')}, and longer while it works.`,
          next: 'End that one first; one that was killed holds them no longer than until then.',
        })
      if ((await patchTable(service, mergedName, { labels: labels() }, found.etag, options)) !== undefined) return
    }
    throw new AppError({
      what: `The labels of ${project}.${dataset}.${mergedName} change faster than they can be set.`,
      why: 'Other programs begin to write at the same time.',
      next: ['Try again in a moment.'],
    })
  }

  const mine = () => ({
    [label.id]: id,
    [label.host]: asLabel(writer.host ?? ''),
    [label.pid]: `${writer.pid}`,
    [label.until]: `${Math.ceil((now() + leaseMs) / 1000)}`,
  })
  /** Not every server takes a label away. */
  const over = () => ({ [label.until]: '0' })
  const soon = (ms: number): CallOptions => ({ signal: AbortSignal.timeout(ms), deadlineMs: ms })

  return {
    take: async (options) => {
      await change(mine, options)
      renewing ??= setInterval(() => {
        // one that fails is made up for by the next
        change(mine, soon(renewMs / 2)).catch(() => undefined)
      }, renewMs).unref()
    },
    release: async () => {
      if (renewing === undefined) return
      clearInterval(renewing)
      renewing = undefined
      await change(over, soon(lastMs)).catch(() => undefined)
    },
  }
}
