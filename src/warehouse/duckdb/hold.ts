import { AppError } from '../../core/errors.ts'
import { type Holder, keepHold, takeHold } from '../../hold-file.ts'
import { writtenByAnother } from '../writer.ts'

const file = 'writer'

/** Takes the dataset in the working directory for one that writes, and returns what gives it back; refused while another does. */
export const holdDataset = (writer: Holder): (() => void) => {
  const taken = takeHold(file, writer)
  if (typeof taken === 'function') {
    keepHold(file)
    return taken
  }
  const folder = process.cwd()
  if (taken === undefined)
    throw new AppError({ what: `${folder}/${file} could not be taken.`, next: [`Remove it and try again.`] })
  const { pid, host, since, command, stateDir } = taken
  throw writtenByAnother(folder, {
    who: `${stateDir}, by process ${pid}${host === writer.host ? '' : ` on ${host}`} (${command}), since ${since}`,
    next: `End that one first, or go on from its state folder: --state ${stateDir}`,
  })
}
