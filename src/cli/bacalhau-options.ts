import type { BacalhauOptions } from '../cluster/options.ts'
import type { Config } from '../config/config.ts'

/** What the config says about reaching a Bacalhau cluster. */
export const bacalhauOptions = ({ cluster }: Config): BacalhauOptions => ({
  ...(cluster.api === undefined ? {} : { api: cluster.api }),
  ...(cluster.profile === undefined ? {} : { profile: cluster.profile }),
  ...(cluster.tls ? { tls: true } : {}),
  ...(cluster.ca_file === undefined ? {} : { caFile: cluster.ca_file }),
  ...(cluster.insecure ? { insecure: true } : {}),
  ...(cluster.api_key_file === undefined ? {} : { apiKeyFile: cluster.api_key_file }),
  ...(cluster.username === undefined ? {} : { username: cluster.username }),
  ...(cluster.password_file === undefined ? {} : { passwordFile: cluster.password_file }),
  ...(cluster.nodes.length === 0 ? {} : { selector: cluster.nodes.join(',') }),
})
