import { useWindowSize } from 'ink'

export interface Viewport {
  readonly columns: number
  readonly rows: number
}

/** The size of the terminal, followed while it changes. */
export const useViewport = (): Viewport => {
  const { columns, rows } = useWindowSize()
  return { columns, rows }
}
