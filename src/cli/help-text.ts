/** What `bbq --help` prints; kept apart so that it needs no parser. */
export const helpText = `bbq: process logs where they lie, send only what is worth sending, watch it arrive.

Usage
  bbq                       the guided demo; plain numbered lines without a terminal
  bbq run STAGE             one stage over the nodes: raw, structured, private, aggregated
  bbq nodes                 the nodes; "nodes fail ID" and "nodes heal ID" rehearse a failure
  bbq logs peek [NODE]      the first lines of one node's log; also start, stop and clean
  bbq query [SQL|ID]        an answer from the warehouse; without one, the queries to choose from
  bbq reset                 empties the tables and starts a new generation of the dataset
  bbq doctor                checks what a run needs
  bbq info                  versions and every path in use

Options of every command
  --json                    data as JSON on stdout
  --state DIR               folder of nodes, tables and records (default .bbq)
  --config FILE             config file (default config.yaml, when there is one)
  --KEY-OF-THE-CONFIG VALUE overrides a key: --demo-lines 500 for demo.lines
  --color always|never      colour; otherwise FORCE_COLOR and NO_COLOR decide
  --plain                   the guided demo as numbered lines
  --debug                   shows where an error came from
  --version, --help         "bbq COMMAND --help" lists the options of a command

Exit codes
  0 ok · 1 failed · 2 usage or config · 3 unreachable · 4 refused · 130 interrupted
`
