import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Frees what belongs to objects that nobody has any more: DuckDB holds the memory of a failed query as long as its result is there. */
export const collectGarbage = async (): Promise<void> => {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
  // finalizers run in a later turn
  await new Promise((resolve) => setImmediate(resolve))
}
