import type { Writable } from 'node:stream'
import { stages } from '../../processors/stages/index.ts'
import { firstFrame, leaveFirstFrame } from '../first-frame.ts'
import type { Env } from './context.ts'

/** Paints the first screen's head at once; returns what leaves the alternate screen again, for when the program ends before it has mounted. */
export const showFirstFrame = (
  stdout: Writable & { readonly columns?: number; readonly rows?: number },
  env: Env,
): (() => void) => {
  const { columns = 80, rows = 24 } = stdout
  const frame = firstFrame({ columns, rows, env, stages: stages.map((stage) => stage.title) })
  if (frame === '') return () => {}
  stdout.write(frame)
  return () => {
    stdout.write(leaveFirstFrame)
  }
}
