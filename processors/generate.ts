import { runGenerate } from './generate/child.ts'

process.exitCode = await runGenerate(process.argv.slice(2))
