/** What one client asked for, and what it got. */
export interface Request {
  readonly ip: string
  readonly agent: string
  /** `-` for nobody. */
  readonly user: string
  readonly method: string
  readonly target: string
  readonly protocol: string
  readonly status: number
  /** Undefined is written as `-`. */
  readonly bytes: number | undefined
  readonly referer: string
}

/** One request of a session, and when its next one is due in microseconds; without one the session has ended. */
interface Step {
  readonly request: Request
  readonly nextAt: number | undefined
}

/** A session: called whenever it is due, with the time in microseconds and whether the site is down. */
export type Visit = (at: number, down: boolean) => Step
