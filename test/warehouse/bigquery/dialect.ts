import type { Dialect } from '../../contract/warehouse.ts'

/** GoogleSQL, as every server of the contract suite takes it. */
export const googleSql: Dialect = {
  values: `SELECT 9007199254740993 AS big, 42 AS small, NULL AS nothing,
    TIMESTAMP '2026-11-24 10:22:31.104518+00' AS at, [1, 2] AS list, STRUCT('x' AS a, 1 AS b) AS record`,
  slow: 'SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 1000000)) AS a, UNNEST(GENERATE_ARRAY(1, 1000000)) AS b WHERE a * b = 7',
  write: "INSERT INTO raw_logs (raw_line) VALUES ('x')",
}
