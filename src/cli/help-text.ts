/** What `bbq --help` prints; kept apart so that it needs no parser. */
export const helpText = `bbq: process logs where they lie, send only the result, watch it arrive.

Usage
  bbq                       the guided demo; numbered lines without a terminal
  bbq setup                 config and what BigQuery needs; -i asks first
  bbq run STAGE             one stage: raw, structured, private, aggregated
  bbq rejects [NODE]        lines that were refused, and why; --retry
  bbq explain LINE          what every stage makes of a log line
  bbq nodes                 the nodes; also prepare, fail ID and heal ID
  bbq logs peek [NODE]      a node's log; also start, stop and clean
  bbq permissions check     who may do what in BigQuery; also grant
  bbq tables confirm        makes the tables right; also sample
  bbq query [SQL|ID]        an answer from the warehouse; alone, the questions
  bbq edge [SQL|ID]         an answer from the logs where they lie
  bbq reset                 empties the tables, starts a new generation
  bbq doctor                checks what a run needs
  bbq info                  versions and every path in use

Options of every command
  --json                    data as JSON on stdout
  --state DIR               folder of nodes, tables and records (default .bbq)
  --config FILE             config file (default config.yaml, if there is one)
  --KEY-OF-THE-CONFIG VALUE a key of it: --demo-lines 500 for demo.lines
  --color always|never      else FORCE_COLOR and NO_COLOR decide
  --plain                   the guided demo as numbered lines
  --debug                   shows where an error came from
  --version, --help         "bbq COMMAND --help" lists a command's options

Exit codes
  0 ok · 1 failed · 2 usage or config · 3 unreachable · 4 refused
  130 interrupted
`
