import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { startChild } from '../../../src/cluster/sandbox/child.ts'
import { growLogs } from '../../../src/cluster/sandbox/generator.ts'
import { createLogWatch } from '../../../src/cluster/sandbox/log-watch.ts'
import { sandboxNode } from '../../../src/cluster/sandbox/node.ts'
import { findFiles } from '../../../src/cluster/sandbox/own-files.ts'
import { toAppError } from '../../../src/core/errors.ts'
import { openChildCalls } from '../../../src/warehouse/duckdb/child-calls.ts'

// Limits itself once it runs, then does what needs a file or a process; prints what each came to.

const [limit = '', folder = ''] = process.argv.slice(2)
const identity = { id: 'a', provider: 'other', region: 'x', hostname: 'h', public_ip: null, private_ip: null } as const
const node = sandboxNode(identity, folder)
writeFileSync(node.log, 'a line\n')

const wordsOf = async (act: () => Promise<unknown>): Promise<string> => {
  try {
    return JSON.stringify(await act())
  } catch (thrown) {
    const { what, why, next } = toAppError(thrown)
    return [what, why, ...next].join(' ')
  }
}

const programs = { run: '', generate: '', inspect: '', ownLogs: '', warehouse: '', jobs: '' }
const { nodePath, ...options } = {
  nodePath: process.execPath,
  programs,
  seed: 1,
  lines: 1,
  now: Date.now,
  stateDir: folder,
  env: process.env,
}
const calls = openChildCalls({ program: '', nodePath, settings: { dir: folder, memoryMb: 64, threads: 1 } as never })
const found = {
  child: async () => {
    const child = startChild({ argv: ['true'], env: {}, cwd: folder })
    return [await child.done, ...child.errors()]
  },
  warehouse: () => calls.call({ method: 'confirm' } as never, { signal: new AbortController().signal }),
  generator: async () => (await growLogs([node], { nodePath, ...options }))(),
  files: () => findFiles([join(folder, '*.log')]),
  log: () => createLogWatch(node)(),
}

// what opens files has its threads before there are no more
await stat(folder)
execFileSync('prlimit', ['--pid', String(process.pid), limit])
const said: Record<string, string> = {}
for (const [name, act] of Object.entries(found)) said[name] = await wordsOf(act)
await calls.close()
process.stdout.write(JSON.stringify(said))
process.exit(0)
