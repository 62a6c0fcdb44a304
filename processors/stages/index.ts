import type { Stage } from '../../src/core/stage.ts'
import { aggregated } from './aggregated.ts'
import { privateStage } from './private.ts'
import { raw } from './raw.ts'
import { structured } from './structured.ts'

/** Every stage, in the order of the talk. */
export const stages: readonly Stage[] = [raw, structured, privateStage, aggregated]

export const findStage = (id: string): Stage | undefined => stages.find((stage) => stage.id === id)
