import type { AttackRule } from './rule.ts'

export const traversal: AttackRule = {
  id: 'path-traversal',
  kind: 'security alert',
  title: 'path traversal',
  means: 'Somebody tries to leave the folder of the site, to read files of the machine.',
  looksAt: 'Path, query, referer and agent, escapes undone.',
  when: 'Whatever the answer, where the text climbs above the root, hides its dots behind escapes or names such a file; a plain `/a/../b` only where the server did not serve it (4xx, 5xx).',
  examples: [
    'GET /../../etc/passwd 400',
    'GET /cgi-bin/.%2e/.%2e/bin/sh 400',
    'GET /a/%252e%252e%255cwin.ini 200',
    'GET /view?file=../../x 200',
  ],
  ordinary: ['GET /css/../img/logo.png 200', 'GET /files/report.v1..2.pdf 404'],
  patterns: [
    /\/etc\/(?:passwd|shadow)\b|\bboot\.ini\b|[\\/]win\.ini\b|\/proc\/self\/|[\\/]system32[\\/](?:cmd|config|drivers[\\/]etc)\b/i,
    /[=&?;]\.\.;?[\\/]|\.{4}[\\/]{1,2}\.{4}/,
    // dots and slashes in more bytes than they need
    /[\xc0\xe0]\x80?[\xae\xaf]/,
  ],
}

/** In a path the place of the dots decides, see `climbOf`; anywhere else this is enough. */
export const climbsOutsideOfPath = /^\.\.;?[\\/]|(?:\.\.;?[\\/]){2}/

const segmentsOf = (path: string): readonly string[] => path.split(/[\\/]/)
const climbs = (segment: string): boolean => segment === '..' || segment.startsWith('..;')

/** Whether a path climbs: `certain` when no ordinary client would ask so. Path as it stands and with escapes undone. */
export const climbOf = (path: string, undone: string): 'certain' | 'plain' | undefined => {
  if (!undone.includes('..')) return undefined
  let depth = 0
  let climbed = 0
  for (const segment of segmentsOf(undone)) {
    if (climbs(segment)) {
      climbed += 1
      depth -= 1
      if (depth < 0) return 'certain'
    } else if (segment !== '' && segment !== '.') depth += 1
  }
  if (climbed === 0) return undefined
  return path.split('/').filter((segment) => segment === '..').length < climbed ? 'certain' : 'plain'
}
