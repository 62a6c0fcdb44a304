import type { Command } from 'commander'
import type { Call } from './verb.ts'

/** Adds `--format`, the short name of `--logs-format`. */
export const withFormat = (command: Command): Command =>
  command.option(
    '--format <format>',
    "format of the lines: auto, a name of docs/formats.md, or the text of LogFormat, log_format or #Fields: from a server's config",
  )

/** The call with the format that was given, if any, as a flag of the config. */
export const calledWithFormat = (call: Call, format: string | undefined): Call =>
  format === undefined ? call : { ...call, flags: { ...call.flags, 'logs.format': format } }
