import type { Back, Role } from './text/line.ts'

/** Colours that the terminal can show. */
export type ColorLevel = 'none' | '16' | '256' | 'true'

export type Background = 'dark' | 'light'

type Environment = Readonly<Record<string, string | undefined>>

type Rgb = readonly [number, number, number]

export interface Theme {
  readonly level: ColorLevel
  readonly background: Background
  /** True when the locale is not UTF-8: every glyph is drawn in ASCII. */
  readonly ascii: boolean
  /** SGR parameters of a role's foreground; empty for the terminal's own. */
  readonly fore: Readonly<Record<Role, string>>
  /** SGR parameters that replace foreground and background. */
  readonly back: Readonly<Record<Back, string>>
  /** Foreground of text on the accent. */
  readonly onAccent: string
  /** Foreground of plain text on a selected row, so that it reads whatever the terminal's own colours are. */
  readonly onSelection: string
}

type Palette = Readonly<Record<Exclude<Role, 'plain' | 'strong'> | 'selection' | 'onAccent', Rgb>>

const dark: Palette = {
  muted: [107, 118, 134],
  accent: [95, 201, 201],
  ok: [143, 209, 138],
  warn: [232, 191, 106],
  bad: [240, 113, 122],
  info: [111, 168, 245],
  rule: [62, 72, 88],
  aws: [240, 163, 94],
  gcp: [111, 168, 245],
  azure: [181, 140, 240],
  other: [95, 201, 201],
  selection: [36, 46, 62],
  onAccent: [17, 21, 28],
}

const light: Palette = {
  muted: [104, 108, 117],
  accent: [11, 114, 133],
  ok: [46, 125, 50],
  warn: [138, 97, 0],
  bad: [179, 38, 30],
  info: [26, 95, 180],
  rule: [190, 188, 180],
  aws: [166, 84, 0],
  gcp: [26, 95, 180],
  azure: [112, 62, 172],
  other: [11, 114, 133],
  selection: [226, 232, 236],
  onAccent: [255, 255, 255],
}

const basic: Readonly<Record<Role, string>> = {
  plain: '',
  strong: '',
  muted: '90',
  accent: '36',
  ok: '32',
  warn: '33',
  bad: '31',
  info: '34',
  rule: '90',
  aws: '33',
  gcp: '34',
  azure: '35',
  other: '36',
}

const colourless = Object.fromEntries(Object.keys(basic).map((role) => [role, ''])) as Record<Role, string>

/** The theme for a terminal, from its environment: colours, background, and whether it can show UTF-8. */
export const themeFor = (env: Environment, background: Background = backgroundOf(env) ?? 'dark'): Theme =>
  makeTheme(levelOf(env), background, isAscii(env))

/** A theme of given abilities. */
export const makeTheme = (level: ColorLevel, background: Background = 'dark', ascii = false): Theme => {
  if (level === 'none')
    return {
      level,
      background,
      ascii,
      fore: colourless,
      back: { accent: '7', selection: '' },
      onAccent: '',
      onSelection: '',
    }
  if (level === '16')
    return {
      level,
      background,
      ascii,
      fore: basic,
      back: { accent: '7;36', selection: '7' },
      onAccent: '',
      onSelection: '',
    }
  const palette = background === 'dark' ? dark : light
  const code = level === 'true' ? rgb : indexed
  const { selection, onAccent, ...roles } = palette
  const fore = Object.fromEntries(Object.entries(roles).map(([role, color]) => [role, code(38, color)]))
  const own = { ...colourless, ...fore, plain: '', strong: '' }
  return {
    level,
    background,
    ascii,
    fore: own,
    back: { accent: code(48, palette.accent), selection: code(48, selection) },
    onAccent: code(38, onAccent),
    onSelection: code(38, background === 'dark' ? [214, 219, 228] : [35, 39, 46]),
  }
}

const rgb = (layer: 38 | 48, [r, g, b]: Rgb): string => `${layer};2;${r};${g};${b}`

const cube = [0, 95, 135, 175, 215, 255]

const indexed = (layer: 38 | 48, color: Rgb): string => {
  const [r, g, b] = color
  const grey = Math.max(0, Math.min(23, Math.round((r + g + b) / 30 - 0.8)))
  const greyLevel = 8 + grey * 10
  const steps = color.map(nearestStep)
  const fromCube = steps.map((step) => cube[step] ?? 0)
  const index =
    distance(color, [greyLevel, greyLevel, greyLevel]) < distance(color, fromCube)
      ? 232 + grey
      : 16 + 36 * (steps[0] ?? 0) + 6 * (steps[1] ?? 0) + (steps[2] ?? 0)
  return `${layer};5;${index}`
}

const nearestStep = (value: number): number =>
  cube.reduce((best, step, i) => (Math.abs(step - value) < Math.abs((cube[best] ?? 0) - value) ? i : best), 0)

const distance = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0)

const levelOf = (env: Environment): ColorLevel => {
  const forced = env['FORCE_COLOR']
  if (forced === '0' || forced === 'false') return 'none'
  if (forced === '1') return '16'
  if (forced === '2') return '256'
  if (forced === '3') return 'true'
  if ((env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return 'none'
  if (/^(truecolor|24bit)$/i.test(env['COLORTERM'] ?? '')) return 'true'
  return /256|kitty|alacritty|ghostty/.test(env['TERM'] ?? '') ? '256' : '16'
}

/** The background that the environment tells, if it does. */
export const backgroundOf = (env: Environment): Background | undefined => {
  const last = /;(\d+)$/.exec(env['COLORFGBG'] ?? '')?.[1]
  if (last === undefined) return undefined
  return last === '7' || last === '15' ? 'light' : 'dark'
}

const isAscii = (env: Environment): boolean => {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''
  return !/utf-?8/i.test(locale)
}
