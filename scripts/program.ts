import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { main } from 'assemblyscript/asc'

/** Compiles an AssemblyScript module; its memory is imported, and it has no data and no runtime of its own. */
export const compileProgram = async (root: string, path: string): Promise<Uint8Array> => {
  let program: Uint8Array | undefined
  const options = ['--runtime', 'stub', '--importMemory', '--enable', 'simd', '--noAssert']
  const { error, stderr } = await main([path, '--outFile', 'program.wasm', '--optimizeLevel', '3', ...options], {
    readFile: (name, base) => textOf(resolve(root, base, name)),
    writeFile: (_, contents) => {
      if (typeof contents !== 'string') program = contents
    },
    listFiles: () => [],
  })
  if (error !== null || program === undefined) throw new Error(`${path}: ${error?.message}\n${stderr}`)
  return program
}

/** Null where there is no such file: the compiler then looks elsewhere. */
const textOf = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
