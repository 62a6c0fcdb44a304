import type { NodeIdentity } from '../../src/core/node.ts'
import type { RelationName } from '../../src/core/stage.ts'
import type { ChunkInput, OutputSettings } from '../chunk-processor.ts'
import type { PassOutput } from './output.ts'

export interface PassOptions {
  /** The relations that the stage names; no other is made. */
  readonly relations: ReadonlySet<RelationName>
  readonly settings: OutputSettings
  readonly node: NodeIdentity
}

/** A pass over the bytes of one chunk after another; of its buffers two are used in turn. */
export type Pass = (input: ChunkInput) => PassOutput
