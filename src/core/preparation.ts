import { z } from 'zod'
import type { NodeIdentity } from './node.ts'

/** node.json. */
export const nodeIdentitySchema: z.ZodType<NodeIdentity> = z.object({
  id: z.string().min(1),
  provider: z.enum(['aws', 'gcp', 'azure', 'other']),
  region: z.string(),
  hostname: z.string(),
  public_ip: z.string().nullable(),
  private_ip: z.string().nullable(),
})

/** What a task found on its node: one JSON line of stdout. */
export const inspectionSchema = z.object({
  type: z.literal('inspection'),
  /** node.json as it is there; null when nobody has written it. */
  node: nodeIdentitySchema.nullable().catch(null),
  /** Written with node.json, so that two nodes that read one folder can be told from two that have the same name. */
  nonce: z.string().nullable(),
  /** The public half of the node's key pair (age), to which secrets are sealed. */
  public_key: z.string().nullable(),
  /** True when the program of the asked hash is there, whole. */
  program: z.boolean(),
  /** True when DuckDB's library is there for that program. */
  duckdb: z.boolean(),
  /** Fingerprint of the uploader's key file; never the key. */
  credentials: z.string().nullable(),
  /** The log and its rotated predecessors. */
  log: z.object({ files: z.number(), bytes: z.number() }),
  /** `linux-x64`, `linux-arm64-musl`, as in the names of DuckDB's packages. */
  platform: z.string(),
  node_version: z.string(),
  /** The node's clock, in milliseconds since the epoch. */
  now: z.number(),
})

export type Inspection = z.infer<typeof inspectionSchema>

/** What a step of a preparation says when it is done: one JSON line of stdout. */
export const preparedSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('installed'), public_key: z.string(), duckdb: z.boolean() }),
  z.object({ type: z.literal('library') }),
  z.object({ type: z.literal('identified'), id: z.string() }),
  z.object({ type: z.literal('removed'), what: z.array(z.string()) }),
  z.object({ type: z.literal('failed'), what: z.string(), why: z.string().optional() }),
])

export type Prepared = z.infer<typeof preparedSchema>

/** What the one job that names nodes carries for each, by the public key that only that node has the secret half of. */
export const introductionsSchema = z.record(
  z.string(),
  z.object({
    node: nodeIdentitySchema,
    nonce: z.string(),
    /** The uploader's key file, sealed for this node, in base64; its fingerprint beside it. */
    sealed: z.string().optional(),
    fingerprint: z.string().optional(),
  }),
)

export type Introductions = z.infer<typeof introductionsSchema>

/** Files below a node's `.bbq`, which preparation owns; checkpoints lie beside them and are never touched. */
export const preparedFiles = {
  identity: 'node.json',
  nonce: 'nonce',
  secretKey: 'key',
  /** Waits for what is sealed for it, then becomes `key`. */
  nextKey: 'key.next',
  publicKey: 'key.pub',
  credentials: 'credentials.json',
  programs: 'runtime',
  libraries: 'duckdb',
} as const
