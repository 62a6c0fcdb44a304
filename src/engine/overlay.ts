import type { ShownJob } from '../core/job.ts'
import type { OwnNode } from '../core/own-files.ts'
import type { PaneId } from './state.ts'

/** A fix that a person was asked about: a yes is for these changes and no others. */
export interface AgreedFix {
  /** Id of the setup step. */
  readonly step: string
  readonly changes: readonly string[]
}

/** What a yes does, described and not yet done: the question carries it. */
export type ConfirmedCommand =
  | { readonly does: 'leave' }
  | { readonly does: 'prepare nodes' }
  | { readonly does: 'start logs' }
  | { readonly does: 'fix'; readonly fix: AgreedFix }
  | { readonly does: 'raise budget' }
  | { readonly does: 'replace by the demo' }
  | { readonly does: 'replace by own logs'; readonly inputs: readonly OwnNode[] }

/** A question that is answered with yes or no. */
export interface Confirmation {
  readonly kind: 'confirm'
  readonly question: string
  readonly why: string
  readonly yes: string
  readonly no: string
  readonly command: ConfirmedCommand
}

/** A page that lies over a screen. */
export type Overlay =
  | { readonly kind: 'help'; readonly scroll: number }
  /** `shown`: a job that was not sent yet. */
  | { readonly kind: 'command'; readonly scroll: number; readonly shown?: ShownJob }
  | { readonly kind: 'row'; readonly pane: PaneId; readonly id: string; readonly scroll: number }
  | Confirmation
