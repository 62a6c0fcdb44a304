/** From where on rules with memory raise an emergency; each is a setting. */
export interface Thresholds {
  /** Failed logins in a row of one client in one window. */
  readonly failedLogins: number
  /** Requests that a window must reach before it can be a failure. */
  readonly failureRequests: number
  /** Share of 5xx answers among them. */
  readonly failureShare: number
}

export const defaultThresholds: Thresholds = { failedLogins: 5, failureRequests: 20, failureShare: 0.5 }
