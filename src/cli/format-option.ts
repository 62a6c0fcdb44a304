import type { Command } from 'commander'
import type { Call } from './verb.ts'

/** What the short names were given. */
export interface LogOptions {
  readonly format?: string
  readonly client?: string
}

/** Adds `--format` and `--client`, the short names of `--logs-format` and `--logs-client`. */
export const withLogOptions = (command: Command): Command =>
  command
    .option(
      '--format <format>',
      "format of the lines: auto, a name of docs/formats.md, or the text of LogFormat, log_format or #Fields: from a server's config",
    )
    .option('--client <choice>', 'whose address is the client behind a proxy: auto, peer or forwarded')

/** The call as if the long names had been given. */
export const readingLogs = (call: Call, { format, client }: LogOptions): Call => ({
  ...call,
  flags: {
    ...call.flags,
    ...(format === undefined ? {} : { 'logs.format': format }),
    ...(client === undefined ? {} : { 'logs.client': client }),
  },
})
