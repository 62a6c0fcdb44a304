import type { Warehouse } from '../../warehouse/warehouse.ts'
import type { Ledger } from './ledger.ts'

/** The same warehouse; every call that reads it is counted, and what queries billed is summed. */
export const metered = (warehouse: Warehouse, ledger: Ledger): Warehouse => ({
  ...warehouse,
  status: (options) => {
    ledger.called('status')
    return warehouse.status(options)
  },
  tail: (table, options) => {
    ledger.called('tail')
    return warehouse.tail(table, options)
  },
  estimate: (sql, options) => {
    ledger.called('estimate')
    return warehouse.estimate(sql, options)
  },
  query: async (sql, options) => {
    ledger.called('query')
    const result = await warehouse.query(sql, options)
    ledger.told(result.bytesBilled ?? 0)
    return result
  },
})
