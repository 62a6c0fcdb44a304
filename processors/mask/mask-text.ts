import { type TransformationId, transformationIds } from '../../src/core/private.ts'
import { maskHost, type Prefixes } from './address.ts'
import { rewrite } from './rewrite.ts'
import { transformations } from './transformations/index.ts'

/** What masking does, and how much of an address it keeps. */
export interface MaskSettings extends Prefixes {
  readonly private: readonly TransformationId[]
}

/** A text after the chosen transformations, and how many addresses were masked in it. */
export interface MaskedText {
  readonly text: string
  readonly masked: number
}

/** The chosen transformations in the order of work. */
export const chosen = (settings: MaskSettings) =>
  transformationIds.filter((id) => settings.private.includes(id)).map((id) => transformations[id])

/** Takes out of a text what the chosen transformations find in any reading of it. */
export const maskText = (text: string, settings: MaskSettings): MaskedText => {
  const steps = chosen(settings).filter(({ find }) => find !== undefined)
  const finds = steps.flatMap(({ find }) => (find === undefined ? [] : [find(settings)]))
  const { text: clean, edits } = rewrite(text, finds)
  const masked = edits.reduce((sum, count, i) => sum + (steps[i]?.addresses === true ? count : 0), 0)
  return { text: clean, masked }
}

/** What is stored of a client: its network, or null when it is no address; whole where addresses are not masked. */
export const maskClient = (client: string, settings: MaskSettings): string | null =>
  settings.private.includes('addresses') ? maskHost(client, settings) : client
