import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** All files that tests make lie in one folder, which goes when they are done. */
export const setup = (): (() => void) => {
  const before = process.env['TMPDIR']
  const folder = mkdtempSync(join(tmpdir(), 'bbq-test-'))
  // some tests run programs as another user
  chmodSync(folder, 0o755)
  process.env['TMPDIR'] = folder
  return () => {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
    rmSync(folder, { recursive: true, force: true })
  }
}
