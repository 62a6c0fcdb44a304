import { verbOf } from './verbs.ts'

const { run, rest } = verbOf(process.argv.slice(2))
process.exitCode = await run(rest)
