import { accessSync, chmodSync, constants, existsSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** What bbq puts into a state folder; whatever else is there is somebody else's. */
const own = /^(?:nodes|own|local|streams|sandbox|jobs|warehouse|tmp|(?:runs|runs-own-logs|generator|holds)\.json)$/

/** Takes from others what rights they have on its parts, as an earlier version gave them; new files have none by the umask. */
export const closeToOthers = (stateDir: string): void => {
  for (const name of readdirSync(stateDir).filter((one) => own.test(one))) {
    const path = join(stateDir, name)
    const found = lstatSync(path, { throwIfNoEntry: false })
    if (found === undefined || found.isSymbolicLink() || (found.mode & 0o077) === 0) continue
    if (found.uid === process.getuid?.()) chmodSync(path, found.mode & 0o700)
  }
}

const made = /^bbq-[a-z]+-(\d+)-/

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM'
  }
}

/** The folder in which programs on this machine make their temporary folders; undefined where there is no state folder that can hold one. */
const tempFolder = (stateDir: string): string | undefined => {
  if (!existsSync(stateDir)) return undefined
  const folder = resolve(stateDir, 'tmp')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.W_OK)
    // what programs left that were killed
    for (const name of readdirSync(folder))
      if (!isAlive(Number(made.exec(name)?.[1] ?? process.pid)))
        rmSync(join(folder, name), { recursive: true, force: true })
    return folder
  } catch {
    return undefined
  }
}

/** The environment of such a program. */
export const withTempFolder = <T extends object>(env: T, stateDir: string): T & { readonly TMPDIR?: string } => {
  const folder = tempFolder(stateDir)
  return folder === undefined ? env : { ...env, TMPDIR: folder }
}
