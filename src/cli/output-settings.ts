import type { Config } from '../config/config.ts'
import { keptBits } from '../core/private.ts'

/** What stages make of a line, as the config says. */
export const outputSettings = ({ stages }: Config) => ({
  windowSeconds: stages.window_seconds,
  maskIpv4: stages.mask_ipv4 ?? keptBits[stages.privacy].ipv4,
  maskIpv6: stages.mask_ipv6 ?? keptBits[stages.privacy].ipv6,
  private: stages.private,
  failedLogins: stages.failed_logins,
  failureRequests: stages.failure_requests,
  failureShare: stages.failure_share,
})
