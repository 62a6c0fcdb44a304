/** Calls to the warehouse by their kind; only a query is ever billed. */
export interface WarehouseCalls {
  readonly status: number
  readonly tail: number
  /** Dry runs, which tell a price. */
  readonly estimate: number
  readonly query: number
}

/** What this session has asked of a warehouse, and what that bills. */
export interface Spend {
  /** Bytes that queries may bill before they pause. */
  readonly budgetBytes: number
  /** Bytes that the queries of a person billed, as the warehouse told. */
  readonly billedBytes: number
  /** Bytes at most of queries that ended without a word about what they billed. */
  readonly unsureBytes: number
  /** Bytes billed by queries that no person asked for. */
  readonly watchedBytes: number
  /** Queries of a person. */
  readonly asked: number
  readonly calls: WarehouseCalls
  /** Load jobs that the nodes reported on this UTC day. */
  readonly loadJobs: number
}

/** A session that has asked for nothing. */
export const noSpend: Spend = {
  budgetBytes: 0,
  billedBytes: 0,
  unsureBytes: 0,
  watchedBytes: 0,
  asked: 0,
  calls: { status: 0, tail: 0, estimate: 0, query: 0 },
  loadJobs: 0,
}

/** Bytes that queries may still bill. */
export const leftOf = ({ budgetBytes, billedBytes, unsureBytes, watchedBytes }: Spend): number =>
  Math.max(0, budgetBytes - billedBytes - unsureBytes - watchedBytes)
