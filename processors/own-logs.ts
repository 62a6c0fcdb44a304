import { text } from 'node:stream/consumers'
import { jsonLine } from '../src/core/json.ts'
import { inspectionRequestSchema } from '../src/core/log-inspection.ts'
import { readingOf } from './formats/reading.ts'
import { typedInputs } from './own-logs/find-files.ts'
import { inspectLogs } from './own-logs/inspect-logs.ts'

// A program of its own: whatever a disk or a file system takes its time for, the screen goes on.

const { inputs, typed, format, client, ...place } = inspectionRequestSchema.parse(JSON.parse(await text(process.stdin)))
process.stdout.write(
  jsonLine(await inspectLogs(await typedInputs(inputs, typed, place), place, readingOf(format, client))),
)
