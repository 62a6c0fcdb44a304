/** A log line as a reader without knowledge of the product would take it apart. */
export interface SimpleLine {
  readonly ip: string
  readonly user: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly method: string
  readonly target: string
  readonly status: number
  readonly referer: string
  readonly agent: string
}

const line =
  /^(\S+) - (\S+) \[(\d{4}-[01]\d-\d\dT\d\d:\d\d:\d\d\.\d{3})\d{3}\+0000\] "(?:([A-Z]+) (\S+) HTTP\/\d\.\d|-)" ([1-5]\d\d) (?:\d+|-) "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"$/

/** Undefined for what is no log line. */
export const parseSimply = (text: string): SimpleLine | undefined => {
  const found = line.exec(text)
  if (found === null || /\xc3\x28|\xff/.test(text)) return undefined
  const [, ip = '', user = '', time = '', method = '', target = '', status = '', referer = '', agent = ''] = found
  const at = Date.parse(`${time}Z`)
  return Number.isNaN(at) ? undefined : { ip, user, at, method, target, status: Number(status), referer, agent }
}

/** The lines of a log without their ends. */
export const linesOf = (log: string): readonly string[] => log.split('\n').slice(0, -1)
