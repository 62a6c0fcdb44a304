/** A simple line as places in the bytes of its chunk; valid until the next scan. Every field is `[start, end)`. */
export interface SimpleLine {
  start: number
  clientStart: number
  clientEnd: number
  /** True when the client is a strict dotted quad; then `lastDot` is the place of its third dot. */
  quad: boolean
  lastDot: number
  userStart: number
  userEnd: number
  methodStart: number
  methodEnd: number
  pathStart: number
  /** The first `?` of the path, or its end. */
  endpointEnd: number
  pathEnd: number
  /** True when the query string holds a character that an attack may need. */
  oddQuery: boolean
  protocolStart: number
  protocolEnd: number
  statusStart: number
  status: number
  /** Bytes of the answer; -1 where the format has none. */
  size: number
  /** Its digits, without any where the size is none or a dash. */
  sizeStart: number
  sizeEnd: number
  refererStart: number
  refererEnd: number
  agentStart: number
  agentEnd: number
  /** The virtual host. */
  hostStart: number
  hostEnd: number
  /** The host of an absolute target. */
  targetHostStart: number
  targetHostEnd: number
  forwardedStart: number
  forwardedEnd: number
  /** Milliseconds until the answer was sent; -1 where the line has none. */
  durationMs: number
  /** True where method and target stand side by side, with one blank between them. */
  joined: boolean
  /** Whole seconds since the epoch, UTC, and microseconds within the second. */
  second: number
  micros: number
  /** Behind the last byte of the line, and behind its line end. */
  end: number
  next: number
}

/** A line of which nothing is known yet; fractions make its numbers doubles from the first one on. */
export const emptyLine = (): SimpleLine => ({
  start: 0,
  clientStart: 0,
  clientEnd: 0,
  quad: false,
  lastDot: 0,
  userStart: 0,
  userEnd: 0,
  methodStart: 0,
  methodEnd: 0,
  pathStart: 0,
  endpointEnd: 0,
  pathEnd: 0,
  oddQuery: false,
  protocolStart: 0,
  protocolEnd: 0,
  statusStart: 0,
  status: 0,
  size: 0.5,
  sizeStart: 0,
  sizeEnd: 0,
  refererStart: 0,
  refererEnd: 0,
  agentStart: 0,
  agentEnd: 0,
  hostStart: 0,
  hostEnd: 0,
  targetHostStart: 0,
  targetHostEnd: 0,
  forwardedStart: 0,
  forwardedEnd: 0,
  durationMs: 0.5,
  joined: true,
  second: 0.5,
  micros: 0,
  end: 0,
  next: 0,
})
