import { load } from 'js-yaml'
import { z } from 'zod'
import { AppError } from '../core/errors.ts'

/** Bytes; a larger spec is accepted by Bacalhau and then blocks its nodes' queues for good. */
const maxSpecBytes = 900_000

const strings = z.array(z.string())
const variableName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/, 'must be upper case')
  .refine((name) => !name.startsWith('BACALHAU_'), 'must not start with BACALHAU_')
const seconds = z.number().nonnegative()

const constraintSchema = z
  .strictObject({
    Key: z.string().min(1),
    Operator: z.enum(['=', '==', '!=', 'in', 'notin', 'exists', '!', 'gt', 'lt']),
    Values: strings.optional(),
  })
  .refine(
    (constraint) => !['=', '==', '!=', 'gt', 'lt'].includes(constraint.Operator) || constraint.Values?.length === 1,
    {
      message: 'this operator takes exactly one value',
    },
  )

const inputSourceSchema = z.strictObject({
  Target: z.string().startsWith('/'),
  Alias: z.string().optional(),
  Source: z.strictObject({ Type: z.string(), Params: z.record(z.string(), z.unknown()).default({}) }),
})

const taskSchema = z.strictObject({
  Name: z.string().min(1),
  Engine: z.strictObject({
    Type: z.literal('docker'),
    Params: z.strictObject({
      Image: z.string().min(1),
      Entrypoint: strings.nullish(),
      Parameters: strings.nullish(),
      EnvironmentVariables: strings.nullish(),
      WorkingDirectory: z.string().optional(),
    }),
  }),
  Env: z.record(variableName, z.string().min(1, 'cannot have an empty value')).default({}),
  InputSources: z.array(inputSourceSchema).default([]),
  Network: z.strictObject({ Type: z.string(), Domains: strings.optional() }).optional(),
  Resources: z
    .strictObject({
      CPU: z.string().optional(),
      Memory: z.string().optional(),
      Disk: z.string().optional(),
      GPU: z.string().optional(),
    })
    .optional(),
  Timeouts: z
    .strictObject({
      TotalTimeout: seconds.optional(),
      ExecutionTimeout: seconds.optional(),
      QueueTimeout: seconds.optional(),
    })
    .default({}),
})

const jobFields = z.strictObject({
  Name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'must be letters, digits, ".", "_" or "-", at most 128'),
  Namespace: z.string().optional(),
  Type: z.enum(['ops', 'batch', 'service', 'daemon']),
  Priority: z.number().int().optional(),
  Count: z.number().int().nonnegative().optional(),
  Constraints: z.array(constraintSchema).default([]),
  Labels: z.record(z.string(), z.string()).optional(),
  Meta: z.record(z.string(), z.string()).optional(),
  Tasks: z.array(taskSchema).min(1, 'must hold one task').max(1, 'must hold one task, more are not run'),
})

const jobSchema = jobFields.refine(({ Type, Count }) => !['ops', 'daemon'].includes(Type) || (Count ?? 0) <= 1, {
  path: ['Count'],
  message: 'an ops or daemon job runs once on every node',
})

export type JobSpec = z.infer<typeof jobSchema>
export type TaskSpec = JobSpec['Tasks'][number]
export type Constraint = z.infer<typeof constraintSchema>

/** Reads a rendered job spec as Bacalhau would, and stricter: it takes unknown keys inside a task without a word. */
export const parseSpec = (name: string, text: string): JobSpec => {
  const bytes = Buffer.byteLength(text)
  if (bytes > maxSpecBytes)
    throw new AppError({
      what: `The job ${name} was not sent: its spec has ${bytes} bytes.`,
      why: `A spec over ${maxSpecBytes} bytes would block the nodes' queues for good.`,
      next: ['Put large inputs on the nodes instead of into the spec.'],
      kind: 'refused',
    })
  const parsed = jobSchema.safeParse(parseYaml(name, text))
  if (!parsed.success) throw invalid(name, parsed.error.issues.map(problem).join('; '), parsed.error)
  if (parsed.data.Name !== name) throw invalid(name, `its Name is ${parsed.data.Name}`)
  return parsed.data
}

const parseYaml = (name: string, text: string): unknown => {
  if (text.trim() === '') throw invalid(name, 'no content provided')
  try {
    return load(text)
  } catch (thrown) {
    throw invalid(name, thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown), thrown)
  }
}

const problem = (issue: z.core.$ZodIssue): string => {
  const place = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys')
    return `unknown field: '${issue.keys.join("', '")}' in '${place === '' ? 'Job' : place}'`
  if (issue.code === 'invalid_key') return `${place}: ${issue.issues[0]?.message ?? issue.message}`
  return place === '' ? issue.message : `${place}: ${issue.message}`
}

const invalid = (name: string, why: string, cause?: unknown): AppError =>
  new AppError({
    what: `The job ${name} was not sent: its spec is not valid.`,
    why,
    next: ['Compare it with jobs/stage.yaml.'],
    kind: 'usage',
    cause,
  })
