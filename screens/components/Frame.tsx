import { Box, Text } from 'ink'
import { memo } from 'react'

const Row = memo(({ text }: { readonly text: string }) => <Text wrap="truncate">{text}</Text>)

interface FrameProps {
  readonly columns: number
  readonly rows: number
  /** Painted rows, each exactly `columns` cells wide; what is more than `rows` is cut. */
  readonly lines: readonly string[]
}

/** The whole screen, one text a row: rows that did not change are neither laid out nor written again. */
export const Frame = ({ columns, rows, lines }: FrameProps) => (
  <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
    {lines.slice(0, rows).map((text, y) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen
      <Row key={y} text={text} />
    ))}
  </Box>
)
