import type { SetupStep } from '../../setup.ts'
import type { SetupParts } from './parts.ts'

/** Whose credentials are used on this machine. */
export const accountStep = ({ operator }: SetupParts): SetupStep => ({
  id: 'account',
  title: 'Operator',
  look: async () => {
    const { email, from } = await operator.who()
    return { detail: email === undefined ? from : `${email} (${from})` }
  },
})
