import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'

// Stands in for the warehouse's own process: dies on a call as long as a file `crash-N` is left, then answers with its pid.
const { folder } = JSON.parse(process.argv[2] ?? '{}') as { folder: string }

process.on('message', (message: { id?: number }) => {
  const left = ['crash-1', 'crash-2'].map((name) => join(folder, name)).find(existsSync)
  if (left !== undefined) {
    rmSync(left)
    process.stderr.write('Error: out of luck\n', () => process.kill(process.pid, 'SIGKILL'))
    return
  }
  process.send?.({ id: message.id, value: process.pid })
})
process.on('disconnect', () => process.exit(0))
