import { openChunkProcessor } from './open-chunk-processor.ts'
import { initialRules } from './pass/rules.ts'
import { runChild } from './run/child.ts'
import { findStage } from './stages/index.ts'

process.exitCode = await runChild(process.argv.slice(2), { findStage, initialRules, openChunkProcessor })
