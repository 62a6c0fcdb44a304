import type { Desk } from '../rights/desk.ts'

/** What the steps of setup work with. */
export interface SetupParts {
  readonly operator: Desk
  readonly uploader: Desk
  /** Make dataset and tables when they are missing. */
  readonly createIfMissing: boolean
  /** Where a new project belongs: `organizations/1` or `folders/2`; nowhere when not given. */
  readonly parent?: string
  readonly newEpoch: () => string
}
