// A processor in a few lines: does what its parameters say and reports like a real one.
import { existsSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    do: { type: 'string', default: 'report' },
    data: { type: 'string', default: '/var/log/app' },
    'parent-pid': { type: 'string' },
  },
})
const parent = Number(values['parent-pid'])
setInterval(() => {
  if (process.ppid !== parent) process.exit(1)
}, 50).unref()

const node: { readonly id: string } = JSON.parse(readFileSync(join(values.data, '.bbq/node.json'), 'utf8'))
const say = (stream: NodeJS.WriteStream, text: string): void => {
  stream.write(`${text}\n`)
}
const counts = { lines_read: 3, lines_parsed: 3, lines_rejected: 0, lines_blank: 0, masked: 0, full_addresses: 0 }
const report = {
  ...counts,
  node: node.id,
  stage: 'tiny',
  epoch: 'e000',
  rows: {},
  bytes_read: 9,
  bytes_sent: 0,
  chunks: 0,
  ms: 1,
}
say(process.stderr, `pid ${process.pid}`)
say(process.stderr, `niceness ${getPriority()}`)
say(process.stderr, 'a warning')
say(process.stderr, `hello from ${process.env['BACALHAU_EXECUTION_ID']}`)
say(
  process.stderr,
  JSON.stringify({ type: 'progress', bytes_read: 4, bytes_total: 9, lines_read: 1, rows: { raw_logs: 1 } }),
)
if (values.do === 'exit') {
  say(process.stderr, 'broken')
  process.exitCode = 3
} else if (values.do === 'wait') {
  const go = join(values.data, 'go')
  const timer = setInterval(() => {
    if (!existsSync(go)) return
    clearInterval(timer)
    say(process.stdout, JSON.stringify(report))
  }, 20)
} else if (values.do === 'flood') {
  process.stdout.write('0'.repeat(5_120))
} else {
  say(process.stdout, JSON.stringify(report))
}
