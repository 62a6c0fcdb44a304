import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

// Preloaded into every process of a verb: notes at its end what is mapped. The warehouse's own ends by SIGKILL once it is disconnected.
const note = (): void => {
  const name = `${basename(process.argv[1] ?? '')}-${process.pid}`
  writeFileSync(join(process.env['NOTE_OBJECTS'] ?? '.', name), readFileSync('/proc/self/maps', 'utf8'))
}

process.on('disconnect', note)
process.on('exit', note)
