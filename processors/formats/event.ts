/** What one line of a log says, as text; a dash or nothing in the log is null, except for the host. */
export interface LogEvent {
  /** The client as the log has it: an address or a host name. */
  readonly host: string
  readonly user: string | null
  /** Whole seconds since the epoch, UTC. */
  readonly second: number
  /** Microseconds within the second. */
  readonly micros: number
  /** The whole request as the log has it, backslashes included. */
  readonly request: string
  /** Null, with path and protocol, when the request is not `METHOD TARGET HTTP/x`. */
  readonly method: string | null
  readonly path: string | null
  readonly protocol: string | null
  readonly status: number
  /** Bytes of the answer; a dash in the log is 0. */
  readonly size: bigint
  readonly referer: string | null
  readonly agent: string | null
}

/** Why a line is no event. */
export type RejectReason = 'too_long' | 'invalid_utf8' | 'no_match' | 'bad_time' | 'bad_status' | 'bad_size'

export type ParsedLine =
  | { readonly ok: true; readonly event: LogEvent }
  | { readonly ok: false; readonly reason: RejectReason }

/** A line longer than this many bytes, line end not counted, is rejected. */
export const maxLineBytes = 1_048_576
