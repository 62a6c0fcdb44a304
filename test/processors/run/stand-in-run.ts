import { runChild } from '../../../processors/run/child.ts'
import { initialRules, openStandIn, standInStage } from './stand-in.ts'

process.exitCode = await runChild(process.argv.slice(2), {
  findStage: (id) => (id === standInStage.id ? standInStage : undefined),
  initialRules,
  openChunkProcessor: openStandIn,
})
