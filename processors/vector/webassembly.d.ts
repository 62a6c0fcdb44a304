/** The part of WebAssembly that is used here; Node's types leave it out, and those of browsers would bring the rest of a browser. */
declare namespace WebAssembly {
  class Module {
    constructor(program: Uint8Array)
  }
  class Memory {
    constructor(pages: { readonly initial: number })
    readonly buffer: ArrayBuffer
  }
  class Instance {
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, Memory>>>>)
    readonly exports: Readonly<Record<string, unknown>>
  }
}
