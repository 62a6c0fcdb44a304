import { z } from 'zod'

/** One log to fill or to keep growing. */
export const generatorNodeSchema = z.object({
  id: z.string(),
  /** Absolute path of the live log. */
  file: z.string(),
})

/** What the generator program is told, as a JSON file. */
export const generatorPlanSchema = z.object({
  nodes: z.array(generatorNodeSchema),
  seed: z.number().int(),
  /** Lines a node to fill with. */
  lines: z.number().int().nonnegative(),
  /** Milliseconds since the epoch of the last filled line. */
  until: z.number(),
})

export type GeneratorPlan = z.infer<typeof generatorPlanSchema>
