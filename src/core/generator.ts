import { z } from 'zod'

/** Where a person on the shop's site can be. */
const visitStates = [
  'home',
  'login',
  'products',
  'product',
  'search',
  'cart',
  'checkout',
  'api',
  'account',
  'exit',
] as const

export type VisitState = (typeof visitStates)[number]

const share = z.number().min(0).max(1)
const weights = z.partialRecord(z.enum(visitStates), z.number().nonnegative())

/** Where a person goes from each page, by weight; `exit` ends the session. */
const transitions = {
  home: { products: 40, search: 20, login: 15, product: 12, api: 5, exit: 8 },
  login: { account: 35, products: 35, cart: 15, exit: 15 },
  products: { product: 55, products: 15, search: 12, home: 6, exit: 12 },
  product: { product: 22, cart: 24, products: 20, search: 8, api: 10, exit: 16 },
  search: { product: 50, search: 20, products: 15, exit: 15 },
  cart: { checkout: 60, products: 20, product: 20 },
  checkout: { account: 20, home: 20, exit: 60 },
  api: { product: 30, cart: 15, api: 35, exit: 20 },
  account: { products: 40, account: 20, home: 10, exit: 30 },
} as const

/** How the generator behaves; every member is a config key. */
export const generatorKnobsSchema = z.strictObject({
  transitions: z
    .partialRecord(z.enum(visitStates), weights)
    .default({})
    .meta({ description: 'Where people go from a page, by weight; a page that is left out keeps its own weights.' }),
  entry: weights
    .default({ home: 55, products: 12, product: 18, search: 8, api: 7 })
    .meta({ description: 'Page on which a session starts, by weight.' }),
  categories: z
    .record(z.string().regex(/^[a-z0-9-]+$/), z.number().nonnegative())
    .default({ grills: 30, smokers: 20, charcoal: 16, sauces: 14, tools: 12, 'gift-cards': 8 })
    .meta({ description: 'Categories of the shop that people visit, by weight.' }),
  error_500_rate: share.default(0.0003).meta({ description: 'Share of requests that fail with a 5xx at any time.' }),
  product_404_rate: share.default(0.03).meta({ description: 'Share of product pages that do not exist.' }),
  checkout_500_rate: share.default(0.004).meta({ description: 'Share of checkouts that fail with a 5xx.' }),
  login_failure_rate: share.default(0.12).meta({ description: 'Share of logins with a wrong password.' }),
  cart_abandonment_rate: share.default(0.35).meta({ description: 'Share of carts that are left behind.' }),
  high_error_pages: z
    .array(z.strictObject({ path: z.string().startsWith('/'), error_rate: share }))
    .default([
      { path: '/api/v1/recommendations', error_rate: 0.008 },
      { path: '/api/v1/stock', error_rate: 0.003 },
    ])
    .meta({ description: 'Pages that fail more often than others, and how often.' }),
  min_browsing_seconds: z.number().positive().default(10).meta({ description: 'Shortest session, in seconds.' }),
  max_browsing_seconds: z.number().positive().default(600).meta({ description: 'Longest session, in seconds.' }),
  page_view_seconds: z
    .number()
    .positive()
    .default(12)
    .meta({ description: 'Seconds between two page views, on average.' }),
  traffic: z
    .array(
      z.strictObject({
        hours: z.string().regex(/^([01]?\d|2[0-3])-([1-9]|1\d|2[0-4])$/, 'FROM-TO, such as 9-12'),
        multiplier: z.number().positive(),
      }),
    )
    .default([
      { hours: '0-6', multiplier: 0.4 },
      { hours: '6-9', multiplier: 0.7 },
      { hours: '9-12', multiplier: 1 },
      { hours: '12-14', multiplier: 0.8 },
      { hours: '14-18', multiplier: 1 },
      { hours: '18-22', multiplier: 0.9 },
      { hours: '22-24', multiplier: 0.6 },
    ])
    .meta({
      description: 'Traffic by hour of the day (UTC) in what was logged before the start; hours left out count 1.',
    }),
  pre_warm_minutes: z
    .number()
    .min(60)
    .max(10_080)
    .default(180)
    .meta({ description: 'Minutes over which the lines written before the start are spread.' }),
  rate: z
    .number()
    .nonnegative()
    .max(200_000)
    .default(60)
    .meta({ description: 'Lines a second by which all live logs grow together.' }),
  ipv6_share: share.default(0.1).meta({ description: 'Share of clients with an IPv6 address.' }),
  bot_share: share.default(0.04).meta({ description: 'Share of sessions that are crawlers or monitors.' }),
  malformed_rate: share.default(0.001).meta({ description: 'Share of lines that are no log line.' }),
  blank_rate: share.default(0.0003).meta({ description: 'Share of lines that are empty.' }),
  outage_share: share.default(0.22).meta({ description: 'Share of nodes that have outages.' }),
  outage_minutes: z
    .number()
    .min(10)
    .default(90)
    .meta({ description: 'Minutes from one outage of a node to its next, on average.' }),
  attack_share: share
    .default(0.3)
    .meta({ description: 'Share of nodes that are attacked: logins guessed, holes probed.' }),
  attack_minutes: z
    .number()
    .min(10)
    .default(45)
    .meta({ description: 'Minutes from one attack on a node to its next, on average.' }),
  rotation_mb: z
    .number()
    .min(0)
    .default(50)
    .meta({ description: 'Size in MB at which a live log is rotated to access.log.1; 0 never rotates.' }),
  rotation_backups: z.number().int().min(1).max(100).default(5).meta({ description: 'Rotated logs that are kept.' }),
})

export type GeneratorKnobs = z.infer<typeof generatorKnobsSchema>

/** Weights of every page a person can be on, those of the knobs before the usual ones. */
export const transitionsOf = (
  knobs: GeneratorKnobs,
): Readonly<Record<Exclude<VisitState, 'exit'>, Readonly<Partial<Record<VisitState, number>>>>> => ({
  ...transitions,
  ...knobs.transitions,
})

/** One log to fill or to keep growing. */
const generatorNodeSchema = z.object({
  id: z.string(),
  /** Absolute path of the live log. */
  file: z.string(),
  /** Place among all nodes, which decides what befalls it; its place in the plan where it is left out. */
  place: z.object({ node: z.number().int().nonnegative(), nodes: z.number().int().positive() }).optional(),
})

/** What the generator program is told, as a JSON file. */
export const generatorPlanSchema = z.object({
  nodes: z.array(generatorNodeSchema),
  seed: z.number().int(),
  /** Lines a node to fill with. */
  lines: z.number().int().nonnegative(),
  /** Milliseconds since the epoch of the last filled line. */
  until: z.number(),
  knobs: generatorKnobsSchema.prefault({}),
})

/** A plan as it is written; knobs left out take their defaults. */
export type GeneratorPlan = z.input<typeof generatorPlanSchema>

/** A plan as the generator reads it, every knob filled in. */
export type CompletePlan = z.output<typeof generatorPlanSchema>

/** What the generator on a node says once its log grows: one JSON line of stdout. */
export const growingSchema = z.object({
  type: z.literal('growing'),
  node: z.string(),
  /** Lines written at once because the log was empty. */
  filled: z.number().int(),
  /** Lines a second. */
  rate: z.number(),
})

export type Growing = z.infer<typeof growingSchema>
