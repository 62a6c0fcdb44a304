import { parseLine } from '../../processors/formats/parse-line.ts'
import { parseTime } from '../../processors/formats/parse-time.ts'
import { requestParts, targetParts } from '../../processors/formats/request-line.ts'
import { maskText } from '../../processors/mask/mask-text.ts'
import { hasFullAddress } from '../../processors/pass/full-addresses.ts'
import { findInHeader, findInQuery, judgePath, oddTargetOf } from '../../processors/rules/judge-request.ts'
import { undoEscapes } from '../../processors/rules/undo-escapes.ts'
import { stages } from '../../processors/stages/index.ts'
import { textField } from '../../screens/components/text-field.ts'
import { exampleLine } from '../../screens/example-line.ts'
import { shellRows } from '../../screens/overlays/command-page.ts'
import { sqlLines } from '../../screens/query/sql.ts'
import { failuresOf } from '../../screens/stage/select.ts'
import { toAscii } from '../../screens/text/ascii.ts'
import { clean } from '../../screens/text/clean.ts'
import { ends, fitTo, span, wrapText } from '../../screens/text/line.ts'
import { textOf } from '../../screens/text/values.ts'
import { findingText } from '../../src/cli/finding.ts'
import { shownLine } from '../../src/cli/refusals-text.ts'
import { textTable } from '../../src/cli/text-table.ts'
import { wrapText as wrapWords } from '../../src/cli/wrap-text.ts'
import { errorOf } from '../../src/cluster/bacalhau/errors.ts'
import { placeOf } from '../../src/cluster/bacalhau/place.ts'
import { exitMessage } from '../../src/cluster/exit-message.ts'
import { AppError } from '../../src/core/errors.ts'
import { guessOfMost } from '../../src/core/guess.ts'
import { wordsOf } from '../../src/core/log-words.ts'
import { redact } from '../../src/core/redact.ts'
import { sanitize } from '../../src/core/sanitize.ts'
import { padEnd, padStart, truncate, widthOf } from '../../src/core/width.ts'
import { readAnswer } from '../../src/engine/edge/read-answer.ts'
import { idleRun } from '../../src/engine/initial-state.ts'
import { toProblem } from '../../src/engine/problem.ts'
import { fromDuckdb } from '../../src/warehouse/duckdb/sql-error.ts'
import { everything, runPass, settings } from '../processors/pass/support.ts'
import { draw } from '../screens/draw.ts'
import { walked } from '../screens/fixtures/states.ts'

const at = walked('nodes')
const shown = (line: string) => {
  const [row, ...rows] = at.nodes.rows
  if (row?.log === undefined) throw new Error('the first node has a log')
  return { ...at, nodes: { ...at.nodes, rows: [{ ...row, log: { ...row.log, tail: [line] } }, ...rows] } }
}
const failed = (reason: string) => ({
  ...idleRun('raw'),
  phase: 'ended' as const,
  nodes: [{ id: 'a', provider: 'aws' as const, region: 'r', state: 'failed' as const, reason }],
})

/** Everything that takes text from outside: what nodes, clusters, warehouses and logs say. */
export const takers: Readonly<Record<string, (text: string) => unknown>> = {
  redact,
  sanitize,
  widthOf,
  'truncate, padEnd, padStart': (text) => [truncate(text, 80), padEnd(text, 80), padStart(text, 80)],
  toAscii,
  clean,
  'wrapText of a screen': (text) => wrapText(text, 80),
  'wrapText of a verb': (text) => wrapWords(text, 80),
  'a row of a screen': (text) => [fitTo([span(text)], 80), ends([span(text)], [span(text)], 80)],
  'a field that is typed': (text) => textField({ text, cursor: text.length }, 80),
  'a cell of a table': (text) => textOf({ text }, 'text'),
  'a command on a page': (text) => shellRows(text, 80),
  'a query on a page': (text) => sqlLines(text, 80),
  'why nodes failed': (text) => failuresOf(failed(text)),
  'an example line': (text) => exampleLine(shown(text)),
  'the screen Nodes': (text) => draw(shown(text), 120, 40),
  'an example before and after': (text) => stages.map((stage) => stage.beforeAfter(exampleLine(shown(text)) ?? '')),
  'a table of a verb': (text) => textTable([{ title: 'a' }, { title: 'b' }], [[text, text]]),
  'a refused line': (text) => shownLine(Buffer.from(text)),
  'a finding': (text) => findingText({ id: 'a', title: 'a', detail: text, goesOn: true }, 10, 100),
  'what the cluster says': (text) => errorOf(['node', 'list'], text, 'host', undefined),
  'where a node is': (text) => placeOf(text, { region: text, zone: text }),
  'what a program said last': (text) => exitMessage(1, [text]),
  'a problem': (text) => toProblem(new AppError({ what: text, why: text, next: [text] })),
  'an error of a query': (text) => fromDuckdb(new Error(text), []),
  'an answer of a node': (text) => readAnswer({ nodeId: 'a', state: 'failed', lines: [text] }),
  'paths that are typed': wordsOf,
  'a guess': (text) => guessOfMost([text]),
  'a time': parseTime,
  'a request': (text) => [requestParts(text), targetParts(text)],
  'a line': (text) => parseLine(text),
  'what is masked': (text) => maskText(text, settings),
  'full addresses': hasFullAddress,
  'rules for a request': (text) => [judgePath(text), findInQuery(text), findInHeader(text), oddTargetOf(text)],
  escapes: undoEscapes,
  'the pass': (text) => runPass(Buffer.from(`${text.replaceAll('\n', ' ')}\n`), everything),
}
