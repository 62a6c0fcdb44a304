import { text } from 'node:stream/consumers'
import { inspectionRequestSchema } from '../src/core/log-inspection.ts'
import { inspectLogs } from './own-logs/inspect-logs.ts'

// A program of its own: whatever a disk or a file system takes its time for, the screen goes on.

const { inputs, ...place } = inspectionRequestSchema.parse(JSON.parse(await text(process.stdin)))
process.stdout.write(JSON.stringify(await inspectLogs(inputs, place)))
