import { z } from 'zod'

/** What a key of the config says about itself beside its type. */
export interface KeyMeta {
  /** One sentence; stands above the key in config.yaml.example. */
  readonly help: string
  /** Asked by the wizard when set. */
  readonly question?: string
  /** Shown in the example where there is no fixed default. */
  readonly example?: string
  /** Environment variables beside the derived `BBQ_…`, weaker than it. */
  readonly env?: readonly string[]
}

/** Help texts of keys and sections, by schema. */
export const keyMeta = z.registry<KeyMeta>()

type KeyKind = 'text' | 'number' | 'boolean' | 'list' | 'structure'

/** One leaf of the schema with everything that flags, environment, wizard and example derive from it. */
export interface ConfigKey {
  /** `project.create_if_missing` */
  readonly path: string
  readonly schema: z.core.$ZodType
  readonly kind: KeyKind
  /** Allowed words, for a choice or for each of a list. */
  readonly choices?: readonly string[]
  readonly default?: unknown
  readonly meta: KeyMeta
  /** `--project-create-if-missing` */
  readonly flag: string
  /** Strongest first: `BBQ_PROJECT_CREATE_IF_MISSING`. */
  readonly env: readonly string[]
}

export interface ConfigSection {
  readonly name: string
  readonly help: string
  readonly keys: readonly ConfigKey[]
}

const unwrap = (schema: z.core.$ZodType): z.core.$ZodType =>
  schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional
    ? unwrap(schema.def.innerType)
    : schema

const metaOf = (schema: z.core.$ZodType): KeyMeta => {
  const own = keyMeta.get(schema)
  if (own !== undefined) return own
  const description = z.globalRegistry.get(schema)?.description
  if (description !== undefined) return { help: description }
  const inner =
    schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional
      ? schema.def.innerType
      : undefined
  return inner === undefined ? { help: '' } : metaOf(inner)
}

const kindOf = (schema: z.core.$ZodType): KeyKind => {
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum) return 'text'
  if (schema instanceof z.ZodNumber) return 'number'
  if (schema instanceof z.ZodBoolean) return 'boolean'
  if (schema instanceof z.ZodArray && kindOf(unwrap(schema.element)) === 'text') return 'list'
  return 'structure'
}

const defaultOf = (schema: z.core.$ZodType): unknown => {
  const parsed = z.safeParse(schema, undefined)
  return parsed.success ? parsed.data : undefined
}

const keyOf = (path: string, schema: z.core.$ZodType): ConfigKey => {
  const base = unwrap(schema)
  const choice = base instanceof z.ZodArray ? unwrap(base.element) : base
  const meta = metaOf(schema)
  const value = defaultOf(schema)
  return {
    path,
    schema,
    kind: kindOf(base),
    ...(choice instanceof z.ZodEnum ? { choices: choice.options.map(String) } : {}),
    ...(value === undefined ? {} : { default: value }),
    meta,
    flag: `--${path.replaceAll(/[._]/g, '-')}`,
    env: [`BBQ_${path.replaceAll('.', '_').toUpperCase()}`, ...(meta.env ?? [])],
  }
}

const leaves = (path: string, schema: z.core.$ZodType): readonly ConfigKey[] => {
  const base = unwrap(schema)
  if (!(base instanceof z.ZodObject)) return [keyOf(path, schema)]
  return Object.entries(base.shape).flatMap(([name, child]) => leaves(`${path}.${name}`, child))
}

/** The sections of an object schema in their order, each with its leaves. */
export const sectionsOf = (schema: z.ZodObject): readonly ConfigSection[] =>
  Object.entries(schema.shape).map(([name, child]) => ({
    name,
    help: metaOf(child).help,
    keys: leaves(name, child),
  }))
