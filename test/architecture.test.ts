import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Which folders a folder may import from; the longest matching prefix decides. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  'src/core': ['src/core'],
  'src/cluster': ['src/cluster', 'src/core', 'src/programs.ts'],
  'src/warehouse': ['src/warehouse', 'src/core', 'src/programs.ts', 'src/hold-file.ts', 'processors/parquet'],
  'src/config': ['src/config', 'src/core'],
  'src/engine': [
    'src/engine',
    'src/core',
    'src/config',
    'src/cluster/cluster.ts',
    'src/warehouse/warehouse.ts',
    'src/warehouse/setup.ts',
    'processors/stages',
  ],
  screens: ['screens', 'src/engine', 'src/core', 'src/config', 'processors/stages'],
  'src/cli': ['src', 'processors/stages', 'processors/explain', 'processors/formats', 'processors/mask'],
  'src/main.ts': ['src'],
  'src/tui.tsx': ['src', 'screens'],
  'src/first-frame.ts': ['screens'],
  'src/terminal-background.ts': [],
  'src/programs.ts': [],
  'src/hold-file.ts': ['src/core'],
  processors: ['processors', 'src/core'],
}

const sources = globSync('{src,screens,processors}/**/*.{ts,tsx}', { cwd: root }).sort()

const importsOf = (file: string): readonly string[] => {
  const text = readFileSync(join(root, file), 'utf8')
  const found = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => match[1] ?? '')
  return found.map((specifier) => normalize(join(dirname(file), specifier)))
}

const under = (path: string, prefix: string): boolean => path === prefix || path.startsWith(`${prefix}/`)

const allowedFor = (file: string): readonly string[] | undefined => {
  const key = Object.keys(arrows)
    .filter((prefix) => under(file, prefix))
    .sort((a, b) => b.length - a.length)[0]
  return key === undefined ? undefined : arrows[key]
}

describe('the house', () => {
  test('is seen by this test', () => {
    expect(sources.length).toBeGreaterThan(100)
    for (const folder of Object.keys(arrows))
      expect(
        sources.some((file) => under(file, folder)),
        folder,
      ).toBe(true)
    expect(sources.flatMap(importsOf).length).toBeGreaterThan(300)
  })

  test('has arrows that point one way', () => {
    const wrong = sources.flatMap((file) => {
      const allowed = allowedFor(file)
      return importsOf(file)
        .filter((target) => allowed === undefined || !allowed.some((prefix) => under(target, prefix)))
        .map((target) => `${file} -> ${target}`)
    })
    expect(wrong).toEqual([])
  })

  test('imports main from nowhere', () => {
    expect(sources.filter((file) => importsOf(file).includes('src/main.ts'))).toEqual([])
  })

  test('keeps JSX to screens and tui', () => {
    expect(sources.filter((file) => file.endsWith('.tsx') && !under(file, 'screens'))).toEqual(['src/tui.tsx'])
  })

  test('loads neither React nor DuckDB nor execa with main', () => {
    const text = readFileSync(join(root, 'src/main.ts'), 'utf8')
    expect(text).not.toMatch(/^import .* from '(ink|react|execa|@duckdb\/.*|commander|zod)'/m)
  })

  test('empties tables and makes nodes anew only where somebody is asked first', () => {
    const where = (pattern: RegExp): readonly string[] =>
      sources.filter((file) => under(file, 'src') && pattern.test(readFileSync(join(root, file), 'utf8')))
    // the guard of every fresh start; the verbs reset and tables confirm --reset ask themselves
    expect(where(/warehouse\.reset\(/)).toEqual([
      'src/cli/tables-confirm.ts',
      'src/engine/commands/open-demo.ts',
      'src/engine/commands/run-commands.ts',
    ])
    expect(where(/fresh: true/)).toEqual([
      'src/engine/commands/open-commands.ts',
      'src/engine/commands/own-logs-commands.ts',
    ])
    expect(where(/commands\.reset\(/)).toEqual(['src/cli/reset.ts'])
    expect(where(/mayReplace\(/)).toContain('src/engine/commands/open-demo.ts')
  })

  test('cuts lines in one place, at LF', () => {
    expect(sources.filter((file) => /'(?:node:)?readline/.test(readFileSync(join(root, file), 'utf8')))).toEqual([])
  })

  test('keeps contracts under ten members', () => {
    for (const [file, name] of [
      ['src/cluster/cluster.ts', 'Cluster'],
      ['src/warehouse/warehouse.ts', 'Warehouse'],
    ] as const) {
      const text = readFileSync(join(root, file), 'utf8')
      const body = text.slice(text.indexOf(`export interface ${name} {`))
      const members = body.match(/^ {2}(readonly )?\w+(\(|:)/gm) ?? []
      expect(members.length, name).toBeGreaterThan(4)
      expect(members.length, name).toBeLessThan(10)
    }
  })
})
