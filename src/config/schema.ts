import { z } from 'zod'
import { generatorKnobsSchema } from '../core/generator.ts'
import { transformationIds } from '../core/private.ts'
import { isTaken } from '../core/tables.ts'
import { keyMeta, sectionsOf } from './key.ts'

const projectId = z
  .string()
  .regex(/^(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/, '6 to 30 lower-case letters, digits and dashes')
const name = z.string().regex(/^\w{1,1024}$/, 'letters, digits and underscores only')
const tableName = name.refine((text) => !isTaken(text), 'another name, because the dataset needs this one itself')
const place = z
  .string()
  .regex(/^[A-Za-z]+(?:-[a-z]+\d+)?$/, 'a multi-region such as US or EU, or a region such as europe-west1')
const address = z.string().regex(/^https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?$/, 'an http or https address')
const somePath = z.string().min(1, 'a path')

const project = z.strictObject({
  id: projectId.optional().register(keyMeta, {
    help: 'Google Cloud project that pays for BigQuery and holds the tables. With it set, the warehouse is BigQuery unless warehouse.kind says otherwise.',
    question: 'Which Google Cloud project?',
    example: 'my-project',
  }),
  region: place.default('US').register(keyMeta, {
    help: 'Default for bigquery.location.',
    question: 'Where may data lie?',
  }),
  create_if_missing: z.boolean().default(true).register(keyMeta, {
    help: 'Make the dataset and its tables when they are missing.',
    question: 'Make dataset and tables when they are missing?',
  }),
})

const credentials = z.strictObject({
  path: somePath.default('credentials.json').register(keyMeta, {
    help: 'Key file of the service account that makes tables and runs queries; without that file the login of gcloud on this machine is used.',
    question: 'Where is the key file of the service account?',
  }),
})

const bigquery = z.strictObject({
  dataset_name: name.default('log_analytics').register(keyMeta, {
    help: 'Dataset that holds the tables; in the DuckDB warehouse a folder.',
    question: 'What is the dataset called?',
  }),
  table_name: tableName.default('log_results').register(keyMeta, {
    help: 'Table that the stages structured and private write.',
    question: 'What is the table of parsed lines called?',
  }),
  location: place.optional().register(keyMeta, {
    help: 'Location of the dataset; project.region when not given.',
    question: 'Where does the dataset lie?',
    example: 'US',
  }),
})

const cluster = z.strictObject({
  kind: z.enum(['sandbox', 'bacalhau']).optional().register(keyMeta, {
    help: 'sandbox: simulated nodes on this machine. bacalhau: a real cluster; chosen by itself when cluster.api is set.',
    example: 'sandbox',
  }),
  api: z
    .string()
    .regex(
      /^(?:https?:\/\/)?[\w.-]+(?::\d{1,5})?\/?$|^https?:\/\/\[[\da-fA-F:]+\](?::\d{1,5})?\/?$/,
      'HOST, HOST:PORT or http(s)://HOST:PORT',
    )
    .optional()
    .register(keyMeta, {
      help: "Address of the orchestrator's API; port 1234 when none is given.",
      question: 'Where does the Bacalhau orchestrator answer?',
      example: 'orchestrator.example.com:1234',
      env: ['BACALHAU_API_HOST'],
    }),
  profile: z
    .string()
    .min(1, 'a name')
    .optional()
    .register(keyMeta, {
      help: 'Profile of the bacalhau CLI to use instead of an address; cluster.api wins over it.',
      example: 'demo',
      env: ['BACALHAU_PROFILE'],
    }),
  tls: z
    .boolean()
    .default(false)
    .register(keyMeta, {
      help: 'Speak https; not needed where cluster.api begins with https://.',
      env: ['BACALHAU_API_TLS_USETLS'],
    }),
  ca_file: somePath.optional().register(keyMeta, {
    help: "File of the certificate authority that signed the orchestrator's certificate.",
    example: 'ca.pem',
    env: ['BACALHAU_API_TLS_CAFILE'],
  }),
  insecure: z
    .boolean()
    .default(false)
    .register(keyMeta, {
      help: 'Take any certificate: only for a try on a network of your own.',
      env: ['BACALHAU_API_TLS_INSECURE'],
    }),
  api_key_file: somePath.optional().register(keyMeta, {
    help: 'File that holds the API key, mode 600; or set BACALHAU_API_KEY. The key itself never stands here.',
    example: 'bacalhau.key',
  }),
  username: z
    .string()
    .min(1, 'a name')
    .optional()
    .register(keyMeta, {
      help: 'User of the orchestrator, instead of an API key.',
      example: 'demo',
      env: ['BACALHAU_API_USERNAME'],
    }),
  password_file: somePath.optional().register(keyMeta, {
    help: "File that holds the user's password, mode 600; or set BACALHAU_API_PASSWORD.",
    example: 'bacalhau.password',
  }),
  nodes: z
    .array(z.string().regex(/^[^=\s]+=[^=\s]+$/, 'LABEL=VALUE'))
    .default([])
    .register(keyMeta, {
      help: 'Only nodes with all of these labels, such as cloud_provider=aws; none means every node.',
    }),
  data: z.string().startsWith('/', 'an absolute path').default('/bacalhau_data').register(keyMeta, {
    help: "Folder on every node that holds its log and the stages' state.",
  }),
  image: z.string().min(1, 'an image').default('node:24-bookworm-slim').register(keyMeta, {
    help: 'Container image in which stages run; it needs Node 22.18 or later and glibc.',
  }),
  cpu: z.number().min(0.05).max(256).default(0.5).register(keyMeta, {
    help: 'Cores that a stage takes on a node while it runs; a node that has less to give is left out.',
  }),
  memory_mb: z.number().int('a whole number').min(64).max(1_048_576).default(512).register(keyMeta, {
    help: 'Memory of a stage on a node in MiB: 256 for the program, the rest for DuckDB.',
  }),
  uploader_credentials: somePath.default('log_uploader_credentials.json').register(keyMeta, {
    help: 'Key file of the service account with which nodes load rows. Preparation seals it for each node; it is in no job as text.',
  }),
  npm_registry: z
    .string()
    .regex(/^https?:\/\/\S+$/, 'an http or https address')
    .default('https://registry.npmjs.org')
    .register(keyMeta, {
      help: "Where a node's host takes DuckDB's library from, once; not needed where the image brings it along.",
    }),
  network: z.enum(['bridge', 'host']).default('bridge').register(keyMeta, {
    help: 'Network of a stage: host only for a server that listens on the node itself.',
  }),
})

const warehouse = z.strictObject({
  kind: z.enum(['duckdb', 'bigquery']).optional().register(keyMeta, {
    help: 'duckdb: a folder of Parquet files on this machine. bigquery: chosen by itself when project.id is set.',
    example: 'duckdb',
  }),
  path: somePath.optional().register(keyMeta, {
    help: 'Folder of the DuckDB warehouse; warehouse below the state folder when not given.',
    question: 'In which folder does the warehouse lie, as this machine sees it?',
    example: '.bbq/warehouse',
  }),
  node_path: z.string().startsWith('/', 'an absolute path').optional().register(keyMeta, {
    help: 'Where the nodes of a cluster see the same, shared folder.',
    question: 'Where do the nodes see that same folder?',
    example: '/shared/warehouse',
  }),
  api_endpoint: address.optional().register(keyMeta, {
    help: "Where BigQuery's API answers, this machine and the nodes alike: an emulator, a private endpoint; Google's own address when not given.",
    example: 'http://127.0.0.1:9050',
  }),
  token_endpoint: address.optional().register(keyMeta, {
    help: "Where such a server gives out access tokens; only beside an api_endpoint that is not Google's.",
    example: 'http://127.0.0.1:9051/token',
  }),
  budget_mb: z.number().int('a whole number').min(10).max(1_073_741_824).default(1024).register(keyMeta, {
    help: 'MB that the queries of one session may bill in BigQuery; then they pause, and say so before they cost. 1024 MB are less than a cent.',
  }),
})

const logs = z.strictObject({
  path: z
    .string()
    .regex(/^(?!\/)(?!.*\.\.(?:\/|$)).+$/, 'a path below the data folder')
    .default('access.log')
    .register(keyMeta, { help: 'Log file below the data folder; its rotated predecessors belong to it.' }),
  format: z.string().min(1, 'a format').default('auto').register(keyMeta, {
    help: "Format of its lines: auto, a name of docs/formats.md, or the text of LogFormat, log_format or #Fields: from the server's config.",
  }),
  client: z.enum(['auto', 'peer', 'forwarded']).default('auto').register(keyMeta, {
    help: 'Whose address is the client where a proxy forwards one: peer takes that of the connection, forwarded the first that was forwarded; auto is peer, and says when every line comes from one proxy.',
  }),
})

const stages = z.strictObject({
  window_seconds: z.number().int('a whole number').min(1).max(86_400).default(300).register(keyMeta, {
    help: 'Length of a window of the stage aggregated, in seconds.',
  }),
  private: z
    .array(z.enum(transformationIds))
    .min(1)
    .default([...transformationIds])
    .register(keyMeta, {
      help: 'What is taken out of every text from the stage private on; docs/privacy.md tells what each does.',
    }),
  privacy: z.enum(['standard', 'strict']).default('standard').register(keyMeta, {
    help: 'standard: a masked address keeps 24 bits of IPv4 and 64 of IPv6. strict: 16 and 48.',
  }),
  mask_ipv4: z.number().int('a whole number').min(0).max(31).optional().register(keyMeta, {
    help: 'Bits of an IPv4 address that stay when it is masked; wins over stages.privacy.',
    example: '24',
  }),
  mask_ipv6: z.number().int('a whole number').min(0).max(127).optional().register(keyMeta, {
    help: 'Bits of an IPv6 address that stay when it is masked; wins over stages.privacy.',
    example: '64',
  }),
  failed_logins: z.number().int('a whole number').min(1).max(1_000_000).default(5).register(keyMeta, {
    help: 'Failed logins in a row of one client in one window that raise a security alert.',
  }),
  failure_requests: z.number().int('a whole number').min(1).max(1_000_000_000).default(20).register(keyMeta, {
    help: 'Requests that a window must reach before it can be a system failure.',
  }),
  failure_share: z.number().min(0.001).max(1).default(0.5).register(keyMeta, {
    help: 'Share of 5xx answers among them that makes it one.',
  }),
})

const waiting = z.strictObject({
  lines_seconds: z.number().min(0).max(86_400).optional().register(keyMeta, {
    help: 'Seconds that new lines wait for more to be sent with; 10 when not given, in BigQuery the pace that its quota allows.',
    example: '10',
  }),
  windows_seconds: z.number().min(0).max(86_400).default(60).register(keyMeta, {
    help: 'Seconds that a window waits for late lines once it is over; what comes later is one more partial. Emergencies never wait.',
  }),
  size_kb: z.number().int('a whole number').min(0).max(1_048_576).default(256).register(keyMeta, {
    help: 'KiB of new lines on one node that are sent at once.',
  }),
})

const demo = z.strictObject({
  lines: z.number().int('a whole number').min(1).max(100_000_000).default(10_000).register(keyMeta, {
    help: 'Lines in the log of every simulated node at the start.',
  }),
  seed: z.number().int('a whole number').default(1).register(keyMeta, {
    help: 'Seed of the log generator: the same seed gives the same sessions.',
  }),
  live: z.boolean().default(true).register(keyMeta, {
    help: 'Keep the logs of the simulated nodes growing while the program runs.',
  }),
})

/** The whole config file. Keys not given take their defaults; a key that is not here is an error. */
export const configSchema = z.strictObject({
  project: project.prefault({}).register(keyMeta, { help: 'Google Cloud project' }),
  credentials: credentials.prefault({}).register(keyMeta, { help: 'Service account' }),
  bigquery: bigquery.prefault({}).register(keyMeta, { help: 'Dataset and table' }),
  cluster: cluster.prefault({}).register(keyMeta, { help: 'Where stages run' }),
  warehouse: warehouse.prefault({}).register(keyMeta, { help: 'Where rows go' }),
  logs: logs.prefault({}).register(keyMeta, { help: 'What is read on a node' }),
  stages: stages
    .prefault({})
    .register(keyMeta, { help: 'What stages do to a line; changed, a stage asks for a reset first' }),
  waiting: waiting
    .prefault({})
    .register(keyMeta, { help: 'How long what is new waits on a node while a stage is kept running' }),
  demo: demo.prefault({}).register(keyMeta, { help: 'Simulated nodes' }),
  generator: generatorKnobsSchema
    .prefault({})
    .register(keyMeta, { help: 'How people, bots and attackers behave in the logs of simulated nodes' }),
})

/** Values of all keys, defaults filled in. */
export type Settings = z.infer<typeof configSchema>

export const sections = sectionsOf(configSchema)
export const keys = sections.flatMap((section) => section.keys)
