import type { Quotas } from './types.ts'

export interface QuotaCounter {
  /** Counts one load job; false when the day has no more. */
  readonly takeLoadJob: () => boolean
  /** Counts one change of a table; says which limit it breaks, if one, and then does not count it. */
  readonly takeChange: (table: string, partitioned: boolean, partitions: number) => 'day' | 'rate' | undefined
}

const dayOf = (at: number): number => Math.floor(at / 86_400_000)

const windowMs = 10_000

/** The quotas of a project, which belong to the names of its tables: a new table of the same name starts no new count. */
export const openQuotas = (quotas: Quotas, now: () => number): QuotaCounter => {
  const days = new Map<string, number>()
  const recent = new Map<string, number[]>()
  const take = (key: string, count: number, limit: number): boolean => {
    const dayKey = `${dayOf(now())} ${key}`
    const used = days.get(dayKey) ?? 0
    if (used + count > limit) return false
    days.set(dayKey, used + count)
    return true
  }
  return {
    takeLoadJob: () => take('load jobs', 1, quotas.loadJobsADay ?? Number.POSITIVE_INFINITY),
    takeChange: (table, partitioned, partitions) => {
      const rate = quotas.tableOperationsIn10s ?? Number.POSITIVE_INFINITY
      const times = (recent.get(table) ?? []).filter((at) => at > now() - windowMs)
      recent.set(table, times)
      if (times.length >= rate) return 'rate'
      const limit = partitioned ? quotas.partitionModificationsADay : quotas.tableModificationsADay
      if (!take(`changes of ${table}`, partitioned ? partitions : 1, limit ?? Number.POSITIVE_INFINITY)) return 'day'
      times.push(now())
      return undefined
    },
  }
}
