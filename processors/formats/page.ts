import type { Format } from './format.ts'
import { formats } from './list.ts'
import { wrappers } from './wrappers.ts'

/** A text in a cell of a table. */
const code = (text: string): string => `\`${text.replaceAll('|', '\\|').replaceAll('\t', '\\t')}\``

const titles = new Map(formats.map(({ id, title }) => [id, title]))

const row = ({ id, title, notation, text, foundAs }: Format): string =>
  `| \`${id}\` | ${title}${foundAs === undefined ? '' : `; found as ${titles.get(foundAs)}`} | ${notation} | ${code(text)} |\n`

/** The page of formats in the docs, made from the list itself. */
export const renderFormats = (): string =>
  `# Formats

What any web server writes goes in. A format is one entry of one list (\`processors/formats/list.ts\`), in the server's own notation; this page is made
from that list.

## Which format a line has

\`logs.format\` is \`auto\` unless it is set (\`--logs-format\`, or \`--format\` of \`run\`, \`explain\` and \`rejects\`). Then each line has the first format of the list that it
fits, so a file may mix formats. The first 200 lines of a log are told in the report of a run: \`combined + 2 fields, 198 of 200 lines\`. Fields behind those of a
format are taken along: they have no column and are counted, and named where the format names them.

A name of the list takes only that format. So does the very text from a server's config, with or without its directive:

    bbq run structured --input access.log --format '%h %l %u %t "%r" %>s %b %D'
    bbq run structured --input access.log --format '$remote_addr [$time_local] "$request" $status $request_time'
    bbq run structured --input access.log --format "$(cat log_format.conf)"
    bbq run structured --input access.log --format '#Fields: date time c-ip cs-method cs-uri-stem sc-status'
    bbq run structured --input access.log --format '{"client": "ip", "time": "ts", "request": "req", "status": "code"}'

\`bbq explain 'LINE'\` shows which format a line has and what every stage makes of it.

## The list

| name | what it is | notation | text |
|---|---|---|---|
${formats.map(row).join('')}
A file with a \`#Fields:\` header is read by that header, from there to the next one. In a JSON format, \`|\` parts keys of which the first that is there counts, and
\`.\` goes into an object.

## What may stand around a line

${wrappers
  .map(({ title }) => title)
  .filter((title, i, all) => all.indexOf(title) === i)
  .map((title) => `- ${title}\n`)
  .join('')}
They compose with every format and with each other, three deep. A line without a time has that of the wrapper around it.

## What counts as what

- **Client**: the first address of a list, without its port. Where a proxy forwards a client, \`logs.client\` chooses: \`peer\` takes the address of the connection,
  \`forwarded\` the first that was forwarded. \`auto\` is \`peer\`, and says when every line comes from one proxy. A format that has no other client takes the forwarded one.
- **User**: may hold blanks; \`-\`, nothing and \`""\` are nobody.
- **Request**: the first word is the method, a last word that begins with \`HTTP/\` the protocol, and what is between the target. Of an absolute target the path is
  stored in \`path\` and the host in \`host\`. A request without method and target stays a row with all three empty.
- **Time**: ISO 8601, common log format, RFC 1123, or a count of seconds, milliseconds, microseconds or nanoseconds since 1970. Without a zone it is UTC, and
  the run says so once. A line without any time has that of its reading.
- **Status**: 100 to 599. **Size**: a dash is 0; a format without sizes gives NULL. **Duration**: in \`duration_ms\`, whatever its unit was.
- Invalid UTF-8 becomes U+FFFD in every stage, and such lines are counted as \`repaired\`.

A line is refused with one of these reasons: \`no_match\` (it fits no format), \`bad_time\`, \`bad_status\`, \`bad_size\`, \`too_long\` (over 1 MiB), \`out_of_memory\`
and \`failed\` (a line that alone is too much for a stage). \`bbq rejects\` shows refused lines and takes them again after the format was corrected.

## Add a format

One entry in the list. Its place matters: a line has the first format that it fits, so what is special stands before what is general. Add a line of it to
\`test/processors/formats/samples.ts\`; the tests then hold it to the exact rules. \`npm run generate\` writes this page.
`
