import type { TransformationId } from '../../../src/core/private.ts'
import { addresses } from './addresses.ts'
import { emails } from './emails.ts'
import { secrets } from './secrets.ts'
import type { Transformation } from './transformation.ts'
import { users } from './users.ts'

/** Every transformation; what `stages.private` may name. */
export const transformations: Readonly<Record<TransformationId, Transformation>> = { addresses, users, secrets, emails }
