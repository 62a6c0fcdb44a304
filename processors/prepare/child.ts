export const runPrepare = async (argv: readonly string[]): Promise<number> => {
  console.log('prepare', argv)
  return 0
}
