import { dirname } from 'node:path'
import type { ClusterState } from './state.ts'

/** A config for bbq, with what else a newcomer does as comments. */
export const nextSteps = ({ plan, cli }: ClusterState): string => `\
# A Bacalhau cluster of ${plan.nodes.length} nodes runs on this machine. Save this as config.yaml, then, in this folder:
#   export PATH=${dirname(cli)}:$PATH      # the bacalhau CLI
#   npm run -s bbq -- nodes              # are they seen?
#   npm run -s bbq -- nodes prepare      # once: what stages need on a node
#   npm run -s bbq -- logs start         # logs begin to grow
#   npm start                            # the demo
# A node's disk, /bacalhau_data there, is ${plan.dir}/data/NODE here.
# Its containers: docker -H unix://${plan.run}/NODE/sock ps
cluster:
  kind: bacalhau
  api: 127.0.0.1:${plan.port}
warehouse:
  kind: duckdb
  path: ${plan.shared}/warehouse
  node_path: ${plan.shared}/warehouse
`
