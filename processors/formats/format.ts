/** How a format's text is written: a server's own way to describe its log. */
export type Notation =
  | 'apache'
  | 'nginx'
  | 'gunicorn'
  | 'haproxy'
  | 'squid'
  | 'envoy'
  | 'morgan'
  | 'words'
  | 'w3c'
  | 'json'

/** One format of a log. Adding one is an entry in `processors/formats/list.ts`. */
export interface Format {
  /** What `logs.format` and `--format` take. */
  readonly id: string
  readonly title: string
  /** An earlier entry whose lines look the same: unless it is asked for by name, its lines are found as that one's. */
  readonly foundAs?: string
  readonly notation: Notation
  /** The format in that notation. */
  readonly text: string
  /** What must stand in a line for it to be of this format, where its fields alone would fit others too. */
  readonly looks?: RegExp
}
