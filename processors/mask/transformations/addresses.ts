import { findIpv4 } from '../find-ipv4.ts'
import { findIpv6 } from '../find-ipv6.ts'
import { mayHoldAddress } from '../suspects.ts'
import type { Transformation } from './transformation.ts'

/** An address becomes its network. */
export const addresses: Transformation = {
  addresses: true,
  find: (prefixes) => (view) => {
    const found = findIpv6(view, prefixes)
    return found.length > 0 ? found : findIpv4(view, prefixes)
  },
  signs: (prefixes) => ({ test: mayHoldAddress(prefixes.maskIpv4 === 24) }),
}
