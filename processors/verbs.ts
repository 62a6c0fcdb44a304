/** What the one program that every node gets can do; each is loaded only when it is asked for. Resolves to the exit code. */
type NodeVerb = (argv: readonly string[]) => Promise<number>

const verbs: Readonly<Record<string, NodeVerb>> = {
  edge: async (argv) => (await import('./edge/child.ts')).runEdge(argv),
  generate: async (argv) => (await import('./generate/child.ts')).runGenerate(argv),
  prepare: async (argv) => (await import('./prepare/child.ts')).runPrepare(argv),
}

const stage: NodeVerb = async (argv) => {
  const [{ runChild }, { openChunkProcessor }, { initialRules }, { findStage }] = await Promise.all([
    import('./run/child.ts'),
    import('./open-chunk-processor.ts'),
    import('./pass/rules.ts'),
    import('./stages/index.ts'),
  ])
  return runChild(argv, { findStage, initialRules, openChunkProcessor })
}

/** The verb that the arguments begin with; without one they are those of a stage. */
export const verbOf = (argv: readonly string[]): { readonly run: NodeVerb; readonly rest: readonly string[] } => {
  const [first = '', ...rest] = argv
  const run = verbs[first]
  return run === undefined ? { run: stage, rest: argv } : { run, rest }
}
