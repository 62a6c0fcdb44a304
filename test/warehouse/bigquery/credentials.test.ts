import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { AppError } from '../../../src/core/errors.ts'
import { type Credentials, findCredentials } from '../../../src/warehouse/bigquery/credentials.ts'
import { refusal, words } from './demo.ts'

const folder = mkdtempSync(join(tmpdir(), 'bbq-credentials-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' })
const google = 'https://bigquery.googleapis.com'
const path = join(folder, 'credentials.json')
const service = { type: 'service_account', client_email: 'a@demo.iam.gserviceaccount.com', private_key: String(pem) }
const user = {
  type: 'authorized_user',
  client_id: 'id',
  client_secret: 's3cr3t-of-a-user',
  refresh_token: '1//refresh',
}

const find = (env: Readonly<Record<string, string>> = {}, apiEndpoint = google, tokenEndpoint?: string) =>
  findCredentials({
    path,
    env: { HOME: folder, ...env },
    apiEndpoint,
    ...(tokenEndpoint === undefined ? {} : { tokenEndpoint }),
  })

const typeOf = (credentials: Credentials): string =>
  credentials.kind === 'secret' ? credentials.secret.type : credentials.kind

const given = (text: string): void => writeFileSync(path, text, { mode: 0o600 })

test('without a key file and without a login both ways are told', async () => {
  rmSync(path, { force: true })
  const error = await refusal(find())
  expect(error.kind).toBe('usage')
  expect(error.what).toContain(path)
  expect(error.next.join('\n')).toMatch(/gcloud auth application-default login[\s\S]*--credentials-path/)
})

test('the login of gcloud is taken where there is no key file, from where the machine says that it is', async () => {
  const gcloud = join(folder, '.config', 'gcloud')
  mkdirSync(gcloud, { recursive: true })
  writeFileSync(join(gcloud, 'application_default_credentials.json'), JSON.stringify(user), { mode: 0o600 })
  expect(typeOf(await find())).toBe('authorized_user')
  writeFileSync(join(folder, 'named.json'), JSON.stringify(service), { mode: 0o600 })
  expect(typeOf(await find({ GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'named.json') }))).toBe('service_account')
  expect((await refusal(find({ GOOGLE_APPLICATION_CREDENTIALS: '/nowhere.json' }))).what).toBe(
    '/nowhere.json is not there.',
  )
  expect((await refusal(find({ CLOUDSDK_CONFIG: '/nowhere' }))).kind).toBe('usage')
})

test('the key file of the config wins', async () => {
  given(JSON.stringify(service))
  expect(typeOf(await find())).toBe('service_account')
})

test.each([0o640, 0o604, 0o602, 0o666])(
  'a key file of mode %o is refused with what to type, and not shown',
  async (mode) => {
    given(JSON.stringify(service))
    chmodSync(path, mode)
    const error = await refusal(find())
    expect(error).toMatchObject({ kind: 'usage', next: [`Close it: chmod 600 ${path}`] })
    expect(error.message).toContain(mode.toString(8))
    expect(error.message).not.toContain(service.client_email)
    chmodSync(path, 0o600)
    expect(typeOf(await find())).toBe('service_account')
  },
)

test('a server that is not Google gets no login, and one on plain http no token of Google either', async () => {
  rmSync(path)
  expect(typeOf(await find({}, 'https://warehouse.example'))).toBe('none')
  given(JSON.stringify(service))
  expect(typeOf(await find({}, 'https://warehouse.example'))).toBe('service_account')
  expect(typeOf(await find({}, 'http://127.0.0.1:9050'))).toBe('none')
  expect(typeOf(await find({}, 'http://127.0.0.1:9050', 'http://127.0.0.1:9051/token'))).toBe('service_account')
})

test.each([
  ['no JSON', 'key: value', 'It is no JSON.'],
  ['no key in it', '{"type": "service_account"}', 'It has no fitting client_email, private_key.'],
  [
    'another kind of file',
    '{"type": "external_account"}',
    'It is neither the key of a service account nor a login of gcloud.',
  ],
  [
    'a cut key',
    JSON.stringify({ ...service, private_key: String(pem).slice(0, 200) }),
    'Its private_key is no whole PEM key.',
  ],
])('a key file that cannot be used is named with what is wrong, and none of it is shown: %s', async (_, text, why) => {
  given(text)
  const error = await refusal(find())
  expect(error).toBeInstanceOf(AppError)
  expect(error.what).toBe(`The key file ${path} cannot be used.`)
  expect(error.why).toBe(why)
  expect(error.next[0]).toContain('gcloud iam service-accounts keys create')
  expect(words(error)).not.toContain('PRIVATE KEY')
})
