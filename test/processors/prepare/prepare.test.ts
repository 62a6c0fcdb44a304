import { execFile } from 'node:child_process'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, test } from 'vitest'
import { platformOf } from '../../../processors/prepare/platform.ts'
import { type Inspection, type Introductions, inspectionSchema, preparedSchema } from '../../../src/core/preparation.ts'
import { parseKeyFile, sealFor } from '../../../src/engine/prepare/key-file.ts'

const run = fileURLToPath(new URL('../../../processors/run.ts', import.meta.url))
const inspector = fileURLToPath(new URL('../../../processors/inspect.ts', import.meta.url))
const runtime = createHash('sha256').update(readFileSync(run)).digest('hex').slice(0, 16)
const version = '1.2.3'

const keyText = JSON.stringify({
  type: 'service_account',
  client_email: 'up@p.iam.gserviceaccount.com',
  private_key: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
})

const node = (id: string) =>
  ({ id, provider: 'aws', region: 'us-east-1', hostname: id, public_ip: null, private_ip: null }) as const

let data = ''
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'bbq-prepare-'))
})

const child = (args: readonly string[]): Promise<{ readonly code: number; readonly stdout: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [...args], (error, stdout) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, stdout }),
    )
  })

const prepare = async (...args: readonly string[]) => {
  const { code, stdout } = await child([run, 'prepare', ...args, '--data', data])
  return { code, answer: preparedSchema.parse(JSON.parse(stdout)) }
}

const install = (...more: readonly string[]) =>
  prepare('install', '--runtime', runtime, '--program', run, '--version', version, ...more)

const inspect = async (): Promise<Inspection> => {
  // as it is sent: a program without a path of its own
  const args = ['--import', inspector, '--input-type=module', '--eval', '', data, runtime, 'access.log']
  const { stdout } = await child(args)
  return inspectionSchema.parse(JSON.parse(stdout.split('\n')[0] ?? ''))
}

const introduce = async (introductions: Introductions) => {
  const file = join(mkdtempSync(join(tmpdir(), 'bbq-introductions-')), 'all.json')
  writeFileSync(file, JSON.stringify(introductions))
  return prepare('introduce', '--introductions', file)
}

const own = (...names: readonly string[]): string => join(data, '.bbq', ...names)
const mode = (path: string): number => statSync(path).mode & 0o777

describe('a node that is prepared', () => {
  test('has nothing at first, and its inspection changes nothing', async () => {
    writeFileSync(join(data, 'access.log'), 'a line\n')
    writeFileSync(join(data, 'access.log.1'), 'an older line\n')
    const found = await inspect()
    expect(found).toMatchObject({ node: null, nonce: null, public_key: null, program: false, duckdb: false })
    expect(found.log).toEqual({ files: 2, bytes: 21 })
    expect(readdirSync(data).sort()).toEqual(['access.log', 'access.log.1'])
  })

  test('gets program and key pair for its owner alone; the secret half is told nowhere', async () => {
    const { code, answer } = await install()
    expect(code).toBe(0)
    expect(answer).toMatchObject({ type: 'installed', duckdb: false })
    expect(mode(own())).toBe(0o700)
    expect(mode(own('key'))).toBe(0o600)
    expect(readFileSync(own('runtime', runtime, 'run.mjs'))).toEqual(readFileSync(run))
    const secret = readFileSync(own('key'), 'utf8').trim()
    expect(secret).toMatch(/^AGE-SECRET-KEY-/)
    expect(JSON.stringify([answer, await inspect()])).not.toContain(secret)
    expect(await inspect()).toMatchObject({ program: true, node: null })
  })

  test('keeps its key pair when it is prepared again, and gets another when it is rotated', async () => {
    const first = (await install()).answer
    expect((await install()).answer).toEqual(first)
    expect((await install('--rotate')).answer).not.toEqual(first)
  })

  test('keeps one key pair when two are made at once, as on a folder that two nodes share', async () => {
    const [one, two] = await Promise.all([install(), install()])
    expect(one.answer).toEqual(two.answer)
  })

  test('refuses a program of another hash than was announced', async () => {
    const { code, answer } = await prepare('install', '--runtime', '0'.repeat(16), '--program', run)
    expect(code).toBe(1)
    expect(answer).toMatchObject({ type: 'failed', what: expect.stringContaining('was announced') })
  })

  test('finds a program that was changed there', async () => {
    await install()
    writeFileSync(own('runtime', runtime, 'run.mjs'), 'something else')
    expect(await inspect()).toMatchObject({ program: false })
  })

  test('takes its name, and the key file that was sealed for it', async () => {
    const { answer } = await install()
    const publicKey = answer.type === 'installed' ? answer.public_key : ''
    const key = parseKeyFile('key.json', keyText)
    const introductions = {
      age1somebodyelse: { node: node('gcp-1'), nonce: 'other' },
      [publicKey]: {
        node: node('aws-1'),
        nonce: 'mine',
        sealed: await sealFor(key, publicKey),
        fingerprint: key.fingerprint,
      },
    }
    expect(JSON.stringify(introductions)).not.toContain('PRIVATE KEY')
    expect((await introduce(introductions)).answer).toEqual({ type: 'identified', id: 'aws-1' })
    expect(readFileSync(own('credentials.json'), 'utf8')).toBe(keyText)
    expect(mode(own('credentials.json'))).toBe(0o600)
    expect(await inspect()).toMatchObject({ node: node('aws-1'), nonce: 'mine', credentials: key.fingerprint })
  })

  test('takes nothing that was sealed for another', async () => {
    await install()
    const { code, answer } = await introduce({ age1other: { node: node('gcp-1'), nonce: 'n' } })
    expect(code).toBe(1)
    expect(answer).toMatchObject({ type: 'failed', what: expect.stringContaining('Nothing was sent for the key') })
    expect(readdirSync(own())).not.toContain('node.json')
  })

  test('gives everything back; checkpoints stay', async () => {
    await install()
    mkdirSync(own('state', 'e1'), { recursive: true })
    expect((await prepare('remove')).answer).toMatchObject({ type: 'removed' })
    expect(readdirSync(own())).toEqual(['state'])
    expect((await prepare('remove')).answer).toEqual({ type: 'removed', what: [] })
  })

  test('unpacks only the announced library, and lets the program find it', async () => {
    await install()
    const platform = platformOf()
    const archive = mkdtempSync(join(tmpdir(), 'bbq-archive-'))
    const content = mkdtempSync(join(tmpdir(), 'bbq-content-'))
    mkdirSync(join(content, 'package'))
    writeFileSync(join(content, 'package', 'duckdb.node'), 'a library')
    await new Promise((resolve) =>
      execFile('tar', ['-czf', join(archive, 'lib.tgz'), '-C', content, 'package'], resolve),
    )
    const hash = createHash('sha512').update(readFileSync(join(archive, 'lib.tgz')))
    const library = (integrity: string) =>
      prepare(
        ...['library', '--runtime', runtime, '--archive', archive, '--version', version],
        ...['--platform', platform, '--integrity', integrity],
      )
    expect((await library(`sha512-${'A'.repeat(86)}==`)).answer).toMatchObject({ type: 'failed' })
    expect(await inspect()).toMatchObject({ duckdb: false })
    expect((await library(`sha512-${hash.digest('base64')}`)).answer).toEqual({ type: 'library' })
    expect(await inspect()).toMatchObject({ duckdb: true })
    expect((await install()).answer).toMatchObject({ duckdb: true })
  })

  test('says what stands in the way', async () => {
    symlinkSync('/proc/none', own())
    const { code, answer } = await install()
    expect(code).toBe(1)
    expect(answer).toMatchObject({ type: 'failed' })
  })
})
