/** Bytes of a MB as BigQuery counts and bills it. */
export const billingUnit = 1024 * 1024

/** Bytes that BigQuery bills at least for each table of a query, and takes as a limit: https://cloud.google.com/bigquery/pricing#on_demand_pricing */
export const leastBilled = 10 * billingUnit

/** US dollars for each 2^40 bytes that queries bill on demand, after the first of a month, which are free: https://cloud.google.com/bigquery/pricing#on_demand_pricing */
const dollarsPerTiB = 6.25

/** What a query costs where queries are billed. */
export interface Price {
  /** Bytes that it reads, as a dry run told. */
  readonly bytes: number
  /** Bytes that it bills. */
  readonly billedBytes: number
}

/** Dollars for that many billed bytes. */
export const dollarsOf = (billedBytes: number): number => (billedBytes / 2 ** 40) * dollarsPerTiB

/** The price of a query that reads so many bytes of so many tables: whole MB, and 10 MB a table at least; one that reads nothing costs nothing. */
export const priceOf = (bytes: number, tables = 1): Price => ({
  bytes,
  billedBytes:
    bytes === 0 ? 0 : Math.max(leastBilled * Math.max(1, tables), Math.ceil(bytes / billingUnit) * billingUnit),
})

/** Dollars as a person reads them: `$0`, `< $0.0001`, `$0.0061`, `$12.50`. */
export const formatDollars = (dollars: number): string => {
  if (dollars === 0) return '$0'
  if (dollars < 0.0001) return '< $0.0001'
  return `$${dollars.toFixed(dollars < 1 ? 4 : 2)}`
}
