import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { AppError, toAppError } from '../core/errors.ts'
import { checkLayers } from './check.ts'
import { fileLayer, flagLayer, type Given } from './layers.ts'
import { renderSections } from './render.ts'
import { sections } from './schema.ts'
import { readYaml } from './yaml.ts'

export interface Saved {
  readonly file: string
  /** Where the file that stood there before was kept. */
  readonly backup?: string
  /** True when the file said so already, and was left as it is. */
  readonly same?: true
}

/** Writes answers (texts by the path of their key) over what the file already says; an empty answer removes its key. What was there is kept beside it. */
export const saveConfig = (file: string, answers: Readonly<Record<string, string>>): Saved => {
  const before = readBefore(file)
  const given = Object.fromEntries(Object.entries(answers).filter(([, text]) => text.trim() !== ''))
  const layer = flagLayer(given)
  checkLayers([], [layer])
  const kept = before === undefined ? new Map() : fileLayer(readYaml(before, file), file).layer
  if (before !== undefined && Object.keys(answers).every((path) => isSame(kept.get(path), layer.get(path))))
    return { file, same: true }
  const text = renderSections(sections, ({ path }) => {
    const value = layer.get(path) ?? (path in answers ? undefined : kept.get(path))
    return value === undefined ? undefined : { value: value.value }
  })
  try {
    const backup = before === undefined ? undefined : keep(file)
    writeWhole(file, text === '' ? '# All keys have their defaults; config.yaml.example lists them.\n' : text)
    return { file, ...(backup === undefined ? {} : { backup }) }
  } catch (thrown) {
    throw new AppError({
      what: `${file} could not be written.`,
      why: toAppError(thrown).what,
      next: ['Make the folder writable, or give another place with --config FILE.'],
      cause: thrown,
    })
  }
}

const isSame = (before: Given | undefined, after: Given | undefined): boolean =>
  JSON.stringify(before?.value) === JSON.stringify(after?.value)

const readBefore = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

const keep = (file: string): string => {
  for (let n = 1; ; n++) {
    const backup = `${file}.bak${n === 1 ? '' : `-${n}`}`
    try {
      copyFileSync(file, backup, constants.COPYFILE_EXCL)
      return backup
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown
    }
  }
}

const writeWhole = (file: string, text: string): void => {
  const aside = `${file}.new`
  rmSync(aside, { force: true })
  const handle = openSync(aside, 'wx', 0o600)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(aside, file)
}
