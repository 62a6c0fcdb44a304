import fc from 'fast-check'
import { Box, Text } from 'ink'
import { render } from 'ink-testing-library'
import { expect, test } from 'vitest'
import { sanitize } from '../../src/core/sanitize.ts'
import { widthOf } from '../../src/core/width.ts'

const letters = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('👋🏽', '❤️', '1️⃣', '🇩🇪', '👨‍👩‍👧', '🚗🏽', 'ก็', '한', 'ﾊﾟ', '日本', 'नि', '\u200b', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '◽', '·'),
)

const texts = fc
  .array(letters, { minLength: 1, maxLength: 6 })
  .map((parts) => sanitize(parts.join('')).replaceAll('…', '').trim())
  .filter((text) => text !== '')

test('Ink finds room for every text in the cells that were counted for it', () => {
  fc.assert(
    fc.property(fc.array(texts, { minLength: 1, maxLength: 60 }), (rows) => {
      const { lastFrame, unmount } = render(
        <Box flexDirection="column">
          {rows.map((text, y) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
            <Box key={y} width={widthOf(text)}>
              <Text wrap="truncate">{text}</Text>
            </Box>
          ))}
        </Box>,
      )
      expect(lastFrame()).not.toContain('…')
      unmount()
    }),
    { numRuns: 10 },
  )
})
