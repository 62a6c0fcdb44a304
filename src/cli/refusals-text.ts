import { maskText } from '../../processors/mask/mask-text.ts'
import { findStage } from '../../processors/stages/index.ts'
import type { Config } from '../config/config.ts'
import { formatCount } from '../core/format.ts'
import { guessById } from '../core/guess.ts'
import { reasonWords } from '../core/refusals.ts'
import { sanitize } from '../core/sanitize.ts'
import { truncate } from '../core/width.ts'
import {
  placeOf,
  type RunRefusal,
  refusalProblem,
  selectLeftRefused,
  selectRefusals,
} from '../engine/selectors/refusals.ts'
import type { StageRun } from '../engine/state.ts'
import { deadFilesIn, deadFolderOf, readLetters } from './dead-files.ts'
import { outputSettings } from './output-settings.ts'

/** A refused line is shown so far, in cells. */
const shownCells = 160
export const shownBytes = 2048
/** Letters that are looked through for the first of a reason. */
const lookedThrough = 20_000

/** A refusal with what only this machine knows of it. */
export interface FoundRefusal extends RunRefusal {
  /** Where the true bytes are. */
  readonly folder?: string | undefined
  /** The first line, shortened and harmless; undefined where it is on another machine. */
  readonly text?: string | undefined
}

/** Why lines were refused in a run, with the first line of each reason where it is on this machine. */
export const findRefusals = (config: Config, stateDir: string, run: StageRun): readonly FoundRefusal[] => {
  const shown = isPrivate(run.stageId)
    ? (text: string) => maskText(text, outputSettings(config)).text
    : (text: string) => text
  return selectRefusals(run).map((refusal) => {
    const { node } = refusal
    const found = run.nodes.find(({ id }) => id === node)
    const dead = found?.report?.dead
    const own = found?.provider === 'other' && found.region === 'local'
    const folder = dead === undefined ? undefined : deadFolderOf(config, stateDir, { node, own, dead })
    const isHere = config.cluster.kind === 'sandbox' || own
    const text = folder === undefined || !isHere ? undefined : firstText(folder, refusal)
    return { ...refusal, folder, text: text === undefined ? undefined : shown(text) }
  })
}

/** True for a stage that writes no full address: what it says of a line has none either. */
const isPrivate = (stageId: string): boolean =>
  (findStage(stageId)?.outputs ?? []).every(({ relation }) => relation !== 'lines' && relation !== 'events')

/** A line from a log as it may be shown. */
export const shownLine = (bytes: Uint8Array, cells = shownCells): string =>
  truncate(sanitize(new TextDecoder().decode(bytes)), cells)

const firstText = (folder: string, { reason, line, file }: RunRefusal): string | undefined => {
  let looked = 0
  for (const path of deadFilesIn(folder)) {
    let name: string | undefined
    for (const { head, bytes } of readLetters(path, shownBytes)) {
      name ??= head.file
      if (looked++ > lookedThrough) return undefined
      if (head.reason !== reason || (line !== null && head.line !== line)) continue
      if (file === undefined || name === file) return shownLine(bytes)
    }
  }
  return undefined
}

/** Each reason with its count, its first line and what that looks like, and where the lines are. */
export const refusalLines = (refusals: readonly FoundRefusal[], nodes: number): readonly string[] => {
  const lines = refusals.flatMap((refusal) => {
    const { reason, count, text, node, guess } = refusal
    const place = [placeOf(refusal), nodes === 1 ? '' : `on ${node}`].filter((part) => part !== '').join(' ')
    const looks = guessById(guess)
    return [
      `  ${formatCount(count)} ${reasonWords(reason)} (${reason})${place === '' ? '' : `; the first: ${place}`}${looks === undefined ? '' : `; it looks like ${looks.title}`}`,
      ...(text === undefined ? [] : [`    ${text}`]),
    ]
  })
  const folders = new Set(refusals.flatMap(({ folder }) => folder ?? []))
  if (lines.length === 0) return []
  return ['refused lines:', ...lines, ...[...folders].map((folder) => `  kept in ${folder}`)]
}

/** One sentence where much was refused of a run. */
export const refusalWarning = (run: StageRun): string | undefined => {
  const problem = refusalProblem(run)
  return problem === undefined ? undefined : sanitize(problem.what)
}

/** What to do where much was refused. */
export const refusedSteps = (run: StageRun): readonly string[] => {
  const left = selectLeftRefused(run)
  if (left === 0) return refusalProblem(run)?.next ?? []
  const lines =
    left === 1 ? '1 line that was refused before is' : `${formatCount(left)} lines that were refused before are`
  return [`${lines} not read again by a run; take them by another format: bbq rejects --retry --format FORMAT`]
}
