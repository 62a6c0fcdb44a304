// What a node runs over the bytes of its logs, beside TypeScript: everything in it works on a room and the area behind it.
export { setArea } from './bytes'
export { beginCounts, countLines } from './counts'
export { putIds } from './ids'
export { beginNumbers, numberOf, numberOfMessage } from './numbers'
export { numberLines } from './rows'
export { scanLines } from './scan'
export { findAny, findMarks, findStop } from './search'
