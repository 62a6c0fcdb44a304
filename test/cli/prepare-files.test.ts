import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { prepareFiles } from '../../src/cli/prepare-files.ts'
import { configOf } from '../fakes/world.ts'
import { freshFolder } from './bbq.ts'

test("an uploader's key file that others may read is not put on nodes", async () => {
  const path = join(freshFolder(), 'key.json')
  writeFileSync(path, 'SECRET', { mode: 0o600 })
  const files = prepareFiles(configOf({ cluster: { uploader_credentials: path } }))
  expect(await files.keyFile()).toBe('SECRET')
  chmodSync(path, 0o644)
  await expect(files.keyFile()).rejects.toMatchObject({ next: [`Close it: chmod 600 ${path}`] })
})
