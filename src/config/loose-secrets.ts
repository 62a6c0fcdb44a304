import { statSync } from 'node:fs'
import type { Config } from './config.ts'

/** One sentence for each file of a cluster's secret that others may read as well. */
export const looseSecrets = ({ cluster }: Pick<Config, 'cluster'>): readonly string[] =>
  [cluster.api_key_file, cluster.password_file].flatMap((path) => {
    const found = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false })
    return found?.isFile() === true && (found.mode & 0o077) !== 0
      ? [`Others than its owner may read or change ${path}, which holds a secret: chmod 600 ${path}`]
      : []
  })
