import { invalid } from './problem.ts'

/** Labels after a patch: what it does not name stays, null takes away. */
export const mergeLabels = (
  labels: Readonly<Record<string, string>>,
  patch: Readonly<Record<string, string | null>>,
): Readonly<Record<string, string>> => {
  const merged = new Map(Object.entries(labels))
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      merged.delete(key)
      continue
    }
    if (!/^[a-z][a-z0-9_-]{0,62}$/.test(key)) throw invalid(`Label key "${key}" is not valid.`)
    if (!/^[a-z0-9_-]{0,63}$/.test(value)) throw invalid(`Label value "${value}" is not valid.`)
    merged.set(key, value)
  }
  if (merged.size > 64) throw invalid('A resource has at most 64 labels.')
  return Object.fromEntries(merged)
}
