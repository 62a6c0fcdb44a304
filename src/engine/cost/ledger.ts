import { noSpend, type Spend, type WarehouseCalls } from './spend.ts'

/** The one account of a session; true also while the screen is paused. */
export interface Ledger {
  readonly spend: () => Spend
  /** A call was made; a query tells what it billed when it ends. */
  readonly called: (call: keyof WarehouseCalls) => void
  readonly told: (billedBytes: number) => void
  /** A person's query begins, and may bill so many bytes; the result ends it with what was billed, or undefined where nobody knows. */
  readonly ask: (mostBytes: number) => (billedBytes: number | undefined) => void
  /** Allows queries that many bytes more. */
  readonly raise: (bytes: number) => void
  /** Nodes sent that many load jobs at that time, in milliseconds since the epoch. */
  readonly loaded: (jobs: number, now: number) => void
  /** The load jobs of the last UTC day on which there were any, to be kept for the next session. */
  readonly loads: () => DayLoads
}

/** Load jobs of a UTC day, `2026-11-24`. */
export interface DayLoads {
  readonly day: string
  readonly jobs: number
}

const dayOf = (now: number): string => new Date(now).toISOString().slice(0, 10)

/** An empty account over a budget in bytes, which the config may change; `clock` in milliseconds since the epoch. */
export const createLedger = (budget: () => number, clock: () => number): Ledger => {
  const calls = { ...noSpend.calls }
  const open = new Map<symbol, number>()
  let raised = 0
  let asked = 0
  let askedBytes = 0
  let unsureBytes = 0
  let toldBytes = 0
  let loads: DayLoads = { day: '', jobs: 0 }

  return {
    spend: () => ({
      budgetBytes: budget() + raised,
      billedBytes: askedBytes,
      unsureBytes: [...open.values()].reduce((sum, bytes) => sum + bytes, unsureBytes),
      watchedBytes: Math.max(0, toldBytes - askedBytes),
      asked,
      calls: { ...calls },
      loadJobs: loads.day === dayOf(clock()) ? loads.jobs : 0,
    }),
    called: (call) => {
      calls[call] += 1
    },
    told: (billedBytes) => {
      toldBytes += billedBytes
    },
    ask: (mostBytes) => {
      const id = Symbol('query')
      open.set(id, mostBytes)
      asked += 1
      return (billedBytes) => {
        if (!open.delete(id)) return
        if (billedBytes === undefined) unsureBytes += mostBytes
        else askedBytes += billedBytes
      }
    },
    raise: (bytes) => {
      raised += bytes
    },
    loaded: (jobs, now) => {
      const day = dayOf(now)
      loads = { day, jobs: (loads.day === day ? loads.jobs : 0) + jobs }
    },
    loads: () => loads,
  }
}
