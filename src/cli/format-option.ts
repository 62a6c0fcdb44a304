import type { Command } from 'commander'

/** Adds `--format`, the short name of `--logs-format`. */
export const withFormat = (command: Command): Command =>
  command.option(
    '--format <format>',
    "format of the lines: auto, a name of docs/formats.md, or the text of LogFormat, log_format or #Fields: from a server's config",
  )
