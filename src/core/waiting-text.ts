import { formatCount, formatElapsed } from './format.ts'

/** `12 lines wait, sent in 0:40`; without a pace nobody sends them before the next run. */
export const linesWaitText = (lines: number, ms: number | undefined): string =>
  `${formatCount(lines)} ${lines === 1 ? 'line waits' : 'lines wait'}${ms === undefined ? ' for the next run' : `, sent in ${formatElapsed(Math.max(0, ms))}`}`
