import { AppError, type ErrorKind } from '../../core/errors.ts'

interface Meaning {
  readonly text: RegExp
  readonly what: (address: string) => string
  readonly next: readonly string[]
  readonly kind?: ErrorKind
}

const giveCredentials =
  'Set BACALHAU_API_KEY or cluster.api_key_file; or a user by BACALHAU_API_USERNAME and BACALHAU_API_PASSWORD.'

/** What the CLI's texts mean; it has one exit code for all of them. The first that matches decides. */
const meanings: readonly Meaning[] = [
  {
    text: /host not found/,
    what: (address) => `The Bacalhau API at ${address} was not reached: no such host.`,
    next: ['Check cluster.api in the config, or BACALHAU_API_HOST.'],
    kind: 'unreachable',
  },
  {
    text: /x509:/,
    what: (address) => `The certificate of the Bacalhau API at ${address} is not trusted.`,
    next: [
      "Name the file of the authority that signed it with cluster.ca_file, and check that the address is the certificate's.",
    ],
    kind: 'unreachable',
  },
  {
    text: /server gave HTTP response to HTTPS client|first record does not look like a TLS handshake/,
    what: (address) => `The Bacalhau API at ${address} does not speak TLS.`,
    next: ['Write http:// in cluster.api, and leave cluster.tls out.'],
    kind: 'unreachable',
  },
  {
    text: /Client sent an HTTP request to an HTTPS server/,
    what: (address) => `The Bacalhau API at ${address} speaks TLS only.`,
    next: ['Write https:// in cluster.api.'],
    kind: 'unreachable',
  },
  {
    text: /not running or not reachable|request cancelled|network error|connection refused|i\/o timeout/,
    what: (address) => `The Bacalhau API at ${address} does not answer.`,
    next: ['Start the orchestrator, or check cluster.api in the config and the network between.'],
    kind: 'unreachable',
  },
  {
    text: /can't use both BACALHAU_API_KEY/,
    what: () => 'Bacalhau was given an API key and a user at once.',
    next: ['Unset BACALHAU_API_KEY, or BACALHAU_API_USERNAME and BACALHAU_API_PASSWORD.'],
    kind: 'usage',
  },
  {
    text: /new authentication method/i,
    what: (address) => `The Bacalhau API at ${address} asks for credentials, and was given none.`,
    next: [giveCredentials],
    kind: 'refused',
  },
  {
    text: /unauthorized|bad handshake/i,
    what: (address) => `The Bacalhau API at ${address} did not accept the credentials.`,
    next: [
      giveCredentials,
      'Or remove a stale entry of this server from tokens.json in the Bacalhau data folder (~/.bacalhau).',
    ],
    kind: 'refused',
  },
  {
    text: /Request Forbidden/,
    what: (address) => `The Bacalhau API at ${address} does not allow this with these credentials.`,
    next: ['Use an API key or a user that may write jobs: a read-only one cannot run a stage.'],
    kind: 'refused',
  },
  {
    text: /Request Entity Too Large/,
    what: () => 'The job was not sent: its spec is too large.',
    next: ['Put large inputs on the nodes instead of into the spec.'],
    kind: 'refused',
  },
  {
    text: /no changes detected for new job spec/,
    what: () => 'The job was not sent: the same was sent before.',
    next: ['Give every job a name of its own.'],
  },
  {
    text: /the job provided is invalid/,
    what: () => 'The job was not sent: Bacalhau does not take its spec.',
    next: ['Compare the spec with jobs/stage.yaml.'],
    kind: 'usage',
  },
  {
    text: /job not found|unable to find execution|no executions found|node not found/,
    what: () => 'Bacalhau does not know it.',
    next: ['Look at what it knows: bacalhau job list --limit 0'],
  },
  {
    text: /error reading log output|nats stream|trying to stream logs/,
    what: () => "The execution's log cannot be read.",
    next: ['Its node may be gone: look at the nodes.'],
    kind: 'unreachable',
  },
  {
    text: /unknown flag|unknown command/,
    what: () => 'This Bacalhau CLI is not the one that is needed.',
    next: ['Install version 1.9 or later: bacalhau version --client'],
    kind: 'usage',
  },
]

/** Text without the colours that the CLI puts even into a pipe. */
export const stripAnsi = (text: string): string => text.replaceAll(/\x1b\[[0-?]*[ -/]*[@-~]/g, '')

/** The AppError for what the CLI said on stderr; its own words become the reason, its hint is left out. */
export const errorOf = (args: readonly string[], stderr: string, address: string, cause: unknown): AppError => {
  const words = reasonOf(stderr)
  const meaning = meanings.find(({ text }) => text.test(words))
  const why = words === '' ? 'It said nothing about why.' : words
  if (meaning === undefined)
    return new AppError({
      what: `bacalhau ${args.slice(0, 2).join(' ')} failed.`,
      why,
      next: [`Run it by hand: bacalhau ${args.join(' ')}`],
      cause,
    })
  return new AppError({ what: meaning.what(address), why, next: meaning.next, kind: meaning.kind ?? 'failed', cause })
}

/** True for an error that only says that the job had ended before. */
export const saysAlreadyEnded = (error: unknown): boolean =>
  error instanceof AppError && /already in a terminal state/.test(error.why ?? '')

const reasonOf = (stderr: string): string => {
  const lines = stderr.replaceAll(/Reading from \/dev\/stdin; send Ctrl-d to stop\.\n?/g, '').split('\n')
  const hint = lines.findIndex((line) => /^Hint:/.test(line))
  const told = (hint === -1 ? lines : lines.slice(0, hint)).map((line) =>
    line
      .replace(/^Error: /, '')
      .replace(/^failed to fetch Job spec: /, '')
      .trim(),
  )
  return told.filter((line) => line !== '' && !line.startsWith('Warning: ')).join('; ')
}

export const missingCli = (command: string, cause: unknown): AppError =>
  new AppError({
    what: `The program ${command} was not found.`,
    why: 'A Bacalhau cluster is driven by the bacalhau CLI.',
    next: ['Install Bacalhau 1.9 or later and put it on the PATH.', 'Or set cluster.kind to sandbox.'],
    kind: 'usage',
    cause,
  })

export const notAnswering = (args: readonly string[], deadlineMs: number, address: string): AppError =>
  new AppError({
    what: `The Bacalhau API at ${address} does not answer.`,
    why: `bacalhau ${args.slice(0, 2).join(' ')} had not ended after ${deadlineMs / 1000} s and was stopped.`,
    next: ['Check cluster.api in the config and the network between, then try again.'],
    kind: 'unreachable',
  })

export const notUnderstood = (what: string, why: string): AppError =>
  new AppError({
    what: `Bacalhau's answer to ${what} was not understood.`,
    why,
    next: ['Check its version: bacalhau version. Known to work: 1.9.3.'],
  })
