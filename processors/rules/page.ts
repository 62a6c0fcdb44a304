import { rules } from './list.ts'
import type { Rule } from './rule.ts'
import { scannerPaths } from './scanner.ts'

const code = (text: string): string => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``)
const list = (texts: readonly string[]): string => texts.map((text) => `- ${code(text)}\n`).join('')

const section = ({ id, kind, title, means, looksAt, when, examples, ordinary }: Rule): string =>
  `## ${title[0]?.toUpperCase()}${title.slice(1)}

${means} Kind: ${kind}. Id: \`${id}\`.

- Looks at: ${looksAt}
- Raised: ${when}

Raises it:

${list(examples)}
Is ordinary:

${list(ordinary)}`

/** The page of rules in the docs, made from the rules themselves. */
export const renderRules = (): string =>
  `# Rules

The stage aggregated sends an emergency as a row of its own, at once. Its kinds are critical error, security alert and system failure. This page
is made from the rules as the program has them.

A security alert is one row a client, rule and window (\`stages.window_seconds\`). The row is raised by the line that met the rule first, or by the
failed login that reached the threshold; \`remote_log_id\` and \`event_id\` name that line. Its reason has the count of what one client did in that window, as
far as it was read when the row was sent: a run over a whole log counts all of it, \`--every\` counts what had come by then. Further attempts in the same
window do not raise it again. Everything else about an emergency does not depend on where a log was cut.

A text is looked at without its escapes: \`%2e\`, \`%252e\`, \`%u002e\`, \`\\x2e\`, until nothing changes. The first 8,192 characters count. Referer and agent
are looked at where \`{\`, \`<\` or \`'\` stands in one of them, or \`%\` in the referer. Health
checks (\`/healthz\`, \`/actuator/health\`, \`/status\`, agents such as \`kube-probe\`) and \`/.well-known/\` are neither a scanner's paths nor failed logins.

The thresholds are settings: \`stages.failed_logins\`, \`stages.failure_requests\`, \`stages.failure_share\`.

${rules.map(section).join('\n')}
## A scanner's paths

\`*\` is anything within a segment, \`#\` a version. A \`.php\` below \`wp-content\` or \`wp-includes\` is one too.

${scannerPaths.map(({ title, paths }) => `- ${title}: ${paths.map(code).join(', ')}\n`).join('')}`
