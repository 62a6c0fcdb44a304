import { AppError, exitCodes } from '../core/errors.ts'
import { formatBytes, formatCount } from '../core/format.ts'
import { jsonText } from '../core/json.ts'
import { sanitize } from '../core/sanitize.ts'
import { type CleanedNode, listLogs, type NodeLogs, removeLogs } from '../engine/jobs/clean-logs.ts'
import { logPath } from '../engine/jobs/logs-parts.ts'
import { explainReason } from '../engine/prepare/explain.ts'
import { askYes } from './ask.ts'
import { connectedNodes, withLogs } from './logs-cluster.ts'
import { textTable } from './text-table.ts'
import type { Call } from './verb.ts'

interface CleanOptions {
  readonly yes?: boolean
}

const deadlineMs = 150_000

const bytesOf = (all: readonly NodeLogs[]): number =>
  all.reduce((sum, { files }) => sum + files.reduce((part, { bytes }) => part + bytes, 0), 0)

const filesText = (count: number): string => `${formatCount(count)} ${count === 1 ? 'file' : 'files'}`

const show = (listed: readonly NodeLogs[]): string =>
  textTable(
    [{ title: 'node' }, { title: 'log' }, { title: 'size', right: true }],
    listed.flatMap(({ id, files, reason }) =>
      files.length === 0
        ? [[id, sanitize(reason ?? 'none'), '']]
        : files.map(({ name, bytes }) => [id, sanitize(name), formatBytes(bytes)]),
    ),
  )

const mustStandStill = (listed: readonly NodeLogs[]): void => {
  const growing = listed.filter((node) => node.growing).map(({ id }) => id)
  if (growing.length === 0) return
  throw new AppError({
    what: `Nothing was removed: a log generator writes on ${growing.join(', ')}.`,
    why: 'It would go on in a file that no reader finds.',
    next: ['Stop it first: bbq logs stop', 'One that was killed is known as that after five seconds.'],
    kind: 'refused',
  })
}

const agreed = async ({ context }: Call, what: string, yes: boolean): Promise<boolean> => {
  if (yes) return true
  if (context.stdin.isTTY === true) return askYes(context, `Remove ${what}?`)
  throw new AppError({
    what: `Nothing was removed: ${what}.`,
    why: 'Without a terminal nobody can be asked.',
    next: ['Add --yes to remove what is listed.'],
    kind: 'refused',
  })
}

const outcome = ({ removed, reason }: CleanedNode): string =>
  removed.length === 0 && reason !== undefined ? 'failed' : `removed ${filesText(removed.length)}`

/** `bbq logs clean`: removes the logs of nodes, after showing them. */
export const clean = (call: Call, nodes: readonly string[], { yes }: CleanOptions): Promise<number> =>
  withLogs(call, { command: 'bbq logs clean', writes: true, nodes }, async ({ config, cluster, parts }) => {
    const { signal } = call.context
    const ids = (await connectedNodes(cluster, signal)).map(({ id }) => id)
    const listed = await listLogs(parts, cluster, ids, { signal, deadlineMs })
    const full = listed.filter(({ files }) => files.length > 0)
    const count = full.reduce((sum, { files }) => sum + files.length, 0)
    const silent = listed.filter(({ reason }) => reason !== undefined)
    for (const { id, reason = '' } of silent) call.say(sanitize(`${id} was not looked at: ${reason}`))
    for (const next of new Set(silent.flatMap(({ reason = '' }) => explainReason(reason) ?? []))) call.say(next)
    if (!call.json) call.print(show(listed))
    else if (yes !== true) call.say(show(listed).trimEnd())
    mustStandStill(listed)
    const what = `${filesText(count)} of ${formatBytes(bytesOf(full))} on ${full.length} ${full.length === 1 ? 'node' : 'nodes'} of ${cluster.about.label}`
    if (count > 0 && !(await agreed(call, what, yes === true))) {
      call.say('Nothing was changed.')
      return exitCodes.refused
    }
    const cleaned = count === 0 ? [] : await removeLogs(parts, cluster, full, { signal, deadlineMs })
    if (call.json)
      call.print(
        jsonText(
          {
            cluster: cluster.about.label,
            path: logPath(config),
            nodes: [...cleaned, ...silent.map(({ id, reason }) => ({ id, removed: [], reason }))],
          },
          2,
        ),
      )
    else if (count === 0) call.say(`No node has a log ${logPath(config)}.`)
    else
      call.print(
        textTable(
          [{ title: 'node' }, { title: 'outcome' }, { title: 'why' }],
          cleaned.map((node) => [node.id, outcome(node), sanitize(node.reason ?? '')]),
        ),
      )
    return silent.length === 0 && cleaned.every(({ reason }) => reason === undefined) ? 0 : exitCodes.failed
  })
