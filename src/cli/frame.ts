import type { Writable } from 'node:stream'
import type { ReadStream } from 'node:tty'
import { stages } from '../../processors/stages/index.ts'
import { firstFrame, leaveFirstFrame } from '../first-frame.ts'
import type { Env } from './context.ts'

/**
 * Paints the first screen's head at once and takes the keys from the terminal's own editing, so that one pressed now is neither echoed nor changed.
 * Returns what undoes both, for when the program ends before it has mounted.
 */
export const showFirstFrame = (
  stdin: Pick<ReadStream, 'setRawMode'>,
  stdout: Writable & { readonly columns?: number; readonly rows?: number },
  env: Env,
): (() => void) => {
  const { columns = 80, rows = 24 } = stdout
  const frame = firstFrame({ columns, rows, env, stages: stages.map((stage) => stage.title) })
  stdin.setRawMode(true)
  stdout.write(frame)
  return () => {
    stdin.setRawMode(false)
    if (frame !== '') stdout.write(leaveFirstFrame)
  }
}
