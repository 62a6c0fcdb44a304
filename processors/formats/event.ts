/** What one line of a log says, as text; a dash or nothing in the log is null, except for the client. */
export interface LogEvent {
  /** The client as the log has it, without its port: an address or a host name. */
  readonly client: string
  readonly user: string | null
  /** Whole seconds since the epoch, UTC. */
  readonly second: number
  /** Microseconds within the second. */
  readonly micros: number
  /** The whole request as the log has it, backslashes included. */
  readonly request: string
  /** Null, with path and protocol, when the request has no method and target. */
  readonly method: string | null
  /** The target; of an absolute one what follows its host. */
  readonly path: string | null
  /** Null also where the log has none. */
  readonly protocol: string | null
  readonly status: number
  /** Bytes of the answer; a dash in the log is 0, a format without them gives null. */
  readonly size: bigint | null
  readonly referer: string | null
  readonly agent: string | null
  /** The virtual host that was asked, without its port. */
  readonly host: string | null
  /** Milliseconds until the answer was sent. */
  readonly durationMs: number | null
  /** The list of clients as a proxy forwards it. */
  readonly forwarded: string | null
}

/** Why a line is no event. */
export type RejectReason = 'too_long' | 'no_match' | 'bad_time' | 'bad_status' | 'bad_size'

/** A line longer than this many bytes, line end not counted, is rejected. */
export const maxLineBytes = 1_048_576

/** A line longer than this is no simple one. */
export const maxSimpleBytes = 65_536
