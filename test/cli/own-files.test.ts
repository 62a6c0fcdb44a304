import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, test } from 'vitest'
import { bbq, freshFolder, start } from './bbq.ts'

const run = promisify(execFile)

let folder: string
beforeEach(() => {
  folder = freshFolder()
})

const request = (n: number, agent = 'Mozilla/5.0 (X11; Linux x86_64)'): string =>
  `192.0.2.${(n % 250) + 1} - - [12/Mar/2026:10:00:${String(n % 60).padStart(2, '0')} +0000] "GET /item/${n} HTTP/1.1" 200 ${1000 + n} "https://www.example.com/" "${agent}"`

const log = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `${request(from + i)}\n`).join('')

/** Writes a log that nobody has touched for long. */
const put = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  utimesSync(path, 1_790_000_000, 1_790_000_000)
  return path
}

interface RunJson {
  readonly type?: string
  readonly nodes: readonly { readonly id: string; readonly state: string; readonly error: string | null }[]
  readonly totals: { readonly lines_read: number; readonly bytes_read: number; readonly waiting: number }
}

const runJson = async (...args: readonly string[]): Promise<RunJson> =>
  JSON.parse((await bbq(folder, ['run', ...args, '--json'])).stdout) as RunJson

const query = async (sql: string): Promise<readonly (readonly unknown[])[]> =>
  (JSON.parse((await bbq(folder, ['query', sql, '--json', '--limit', '500'])).stdout) as { rows: unknown[][] }).rows

/** The program behind a pipe of a shell. */
const bbqInShell = async (script: string) => {
  const child = spawn('bash', ['-c', script], {
    cwd: folder,
    env: { ...process.env, NODE: process.execPath, BBQ: new URL('../../src/main.ts', import.meta.url).pathname },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (text) => (stdout += text))
  child.stderr.on('data', (text) => (stderr += text))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

describe('a log that grows while it is read', () => {
  test('80 lines in pieces of 700 bytes are 80 rows, no half among them', async () => {
    const content = Buffer.from(log(0, 80))
    const path = put('growing.log', '')
    // appends a piece of 700 bytes for every number of them that it is told
    const script = `const { appendFileSync } = require('node:fs'); let at = 0
      const piece = () => { appendFileSync(${JSON.stringify(path)}, content.subarray(at, at + 700)); at += 700 }
      const content = Buffer.from(process.env.CONTENT)
      process.stdin.on('data', (text) => { for (let n = Number(text); n > 0 && at < content.length; n--) piece() })`
    const writer = spawn(process.execPath, ['-e', script], {
      env: { ...process.env, CONTENT: content.toString() },
      stdio: ['pipe', 'ignore', 'inherit'],
    })
    const args = ['run', 'structured', '--input', 'growing.log', '--every', '2s', '--json']
    const running = start(folder, args, { BBQ_WAITING_LINES_SECONDS: '0' })
    const runs: RunJson[] = []
    let seen = ''
    const heard = new Promise<never>((_, reject) => {
      running.ended.then(({ stderr }) => reject(new Error(`ended too early: ${stderr}`)), reject)
    })
    heard.catch(() => undefined)
    /** Waits until the runs have read that many bytes, all but a last half line. */
    const read = (bytes: number): Promise<unknown> =>
      Promise.race([
        heard,
        new Promise<void>((resolve) => {
          const look = (text = ''): void => {
            seen += text
            const whole = seen.split('\n').slice(0, -1)
            runs.splice(0, runs.length, ...whole.map((line) => JSON.parse(line) as RunJson))
            const done = runs.reduce((sum, { totals }) => sum + totals.bytes_read, 0)
            if (done + (runs.at(-1)?.totals.waiting ?? 0) < bytes) return
            running.child.stdout?.off('data', look)
            resolve()
          }
          running.child.stdout?.on('data', look)
          look()
        }),
      ])
    for (const piece of [1, 2, 3]) {
      writer.stdin.write('1\n')
      await read(piece * 700)
    }
    writer.stdin.write('4\n')
    await read(7 * 700)
    writer.stdin.end('100\n')
    await read(content.length)
    running.child.kill('SIGINT')
    expect((await running.ended).code).toBe(130)

    expect(readFileSync(path).equals(content)).toBe(true)
    expect(runs.filter(({ totals }) => totals.waiting > 0).length).toBeGreaterThanOrEqual(3)
    const rows = await query(
      'SELECT ip, method, path, status, bytes, referer, user_agent FROM log_results ORDER BY bytes',
    )
    const expected = Array.from({ length: 80 }, (_, n) => [
      `192.0.2.${n + 1}`,
      'GET',
      `/item/${n}`,
      200,
      1000 + n,
      'https://www.example.com/',
      'Mozilla/5.0 (X11; Linux x86_64)',
    ])
    expect(rows).toEqual(expected)
    // the lines themselves
    await runJson('raw', '--input', 'growing.log')
    expect(await query('SELECT raw_line FROM raw_logs ORDER BY raw_line')).toEqual(
      Array.from({ length: 80 }, (_, n) => [request(n)]).sort(),
    )
  })

  test('a half line is told, and read once it has its end', async () => {
    const half = request(2).slice(0, 40)
    const path = join(folder, 'access.log')
    writeFileSync(path, `${log(0, 2)}${half}`)
    // somebody is there, however long the run takes
    const touch = setInterval(() => utimesSync(path, new Date(), new Date()), 200)
    const first = await bbq(folder, ['run', 'structured', '--input', 'access.log'])
    clearInterval(touch)
    expect(first.stdout).toContain('40 bytes at the end of access.log wait for the end of their line')
    expect(first.stdout).toContain('read 2 lines')
    appendFileSync(path, `${request(2).slice(40)}\n`)
    expect((await runJson('structured', '--input', 'access.log')).totals).toMatchObject({ lines_read: 1, waiting: 0 })
    expect(await query('SELECT path FROM log_results ORDER BY 1')).toEqual([['/item/0'], ['/item/1'], ['/item/2']])
  })
})

describe('nodes of one’s own', () => {
  test('stand side by side by name; a rotation is gone on with; a row tells its node', async () => {
    put('a.log', log(10, 15))
    put('a.log.1', log(5, 10))
    put('a.log.2.gz', gzipSync(log(0, 5)))
    put('b.log', log(20, 22))
    put('c=d.log', log(30, 31))
    const given = ['--input', 'web1=a.log*', '--input', 'web2=b.log', '--input', 'web2=c=d.log', '--input', 'c=d.log']
    const first = await runJson('structured', ...given)
    expect(first.nodes).toMatchObject([
      { id: 'web1', provider: 'other', region: 'local', state: 'done', lines_read: 15 },
      { id: 'web2', state: 'done', lines_read: 3 },
      { id: 'local', state: 'done', lines_read: 1 },
    ])
    appendFileSync(join(folder, 'a.log'), log(15, 16))
    renameSync(join(folder, 'a.log.1'), join(folder, 'a.log.3'))
    renameSync(join(folder, 'a.log'), join(folder, 'a.log.1'))
    put('a.log', log(16, 18))
    const again = await runJson('structured', ...given)
    expect(again.nodes).toMatchObject([{ lines_read: 3 }, { lines_read: 0 }, { lines_read: 0 }])
    const rows = await query('SELECT nodeName, region, count(*) AS n FROM log_results GROUP BY ALL ORDER BY 1')
    expect(rows.map((row) => row.map(String))).toEqual([
      ['local', 'local', '1'],
      ['web1', 'local', '18'],
      ['web2', 'local', '3'],
    ])
  })

  test('a file that is no text makes its node fail, with the line that makes it text; the others are read', async () => {
    const packed = put('old.log.bz2', Buffer.from('425a6839314159265359633ed6e2', 'hex'))
    put('new.log', log(0, 2))
    const { code, stdout } = await bbq(folder, ['run', 'raw', '--input', 'web1=*.bz2', 'web1=new.log', 'web2=new.log'])
    expect(code).toBe(1)
    expect(stdout).toContain(`${packed} is bzip2, which is not read. Unpack it: bunzip2 -k ${packed}`)
    expect(await query('SELECT DISTINCT raw_line FROM raw_logs ORDER BY 1')).toEqual([[request(0)], [request(1)]])
  })

  test.each([
    [['we b=a.log'], 'we b cannot be the name of a node.'],
    [['.=a.log'], '. cannot be the name of a node.'],
    [['-x=a.log'], '-x cannot be the name of a node.'],
    [['web1=a.log', 'WEB1=a.log'], 'The nodes web1 and WEB1 differ only in case.'],
    [['web1='], '--input was given without a file.'],
    [[''], '--input was given without a file.'],
    [['web1=no.log'], 'There is no file no.log.'],
    [['web1=*.no'], 'No file matches *.no.'],
    [['web1=.'], '. is no file that could be read as a log.'],
    [['/dev/null'], '/dev/null is no file that could be read as a log.'],
    [['-', 'web1=-'], '--input - was given more than once.'],
  ])('%j is refused', async (inputs, what) => {
    put('a.log', log(0, 1))
    const { code, stderr, stdout } = await bbq(folder, ['run', 'raw', '--input', ...inputs])
    expect(stderr.split('\n')[0]).toBe(what)
    expect(stdout).toBe('')
    expect(code).toBe(2)
    expect(existsSync(join(folder, '.bbq'))).toBe(false)
  })
})

describe('what comes through a pipe', () => {
  test('on standard input is read to its end, packed or not, and known by all that came', async () => {
    put('a.log', log(0, 5))
    // what a killed program left
    mkdirSync(join(folder, '.bbq', 'streams'), { recursive: true })
    put('.bbq/streams/left', 'x')
    const first = await bbqInShell('gzip -c a.log | "$NODE" "$BBQ" run raw --input - --json')
    expect(first.stderr).toBe('')
    expect(JSON.parse(first.stdout)).toMatchObject({ nodes: [{ id: 'local', lines_read: 5 }], totals: { waiting: 0 } })
    const same = await bbqInShell('gzip -c a.log | "$NODE" "$BBQ" run raw --input - --json')
    expect(JSON.parse(same.stdout)).toMatchObject({ totals: { lines_read: 0 } })
    const more = await bbqInShell('(cat a.log; printf half) | "$NODE" "$BBQ" run raw --input web1=- --input - --json')
    expect(more.stderr).toContain('--input - was given more than once.')
    const other = await bbqInShell('(cat a.log; printf half) | "$NODE" "$BBQ" run raw --input - --json')
    expect(JSON.parse(other.stdout)).toMatchObject({ totals: { lines_read: 6 } })
    expect(existsSync(join(folder, '.bbq', 'streams'))).toBe(false)
  })

  test('as a process of the shell, or through a pipe with a name', async () => {
    put('a.log', log(0, 5))
    put('b.log', log(5, 7))
    await run('mkfifo', [join(folder, 'pipe')])
    const { code, stdout, stderr } = await bbqInShell(
      '(cat b.log > pipe) & "$NODE" "$BBQ" run raw --input web1=<(cat a.log) --input web2=pipe --json',
    )
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      nodes: [
        { id: 'web1', lines_read: 5 },
        { id: 'web2', lines_read: 2 },
      ],
    })
  })

  test('that is nothing is told', async () => {
    const { code, stderr } = await bbqInShell('true | "$NODE" "$BBQ" run raw --input -')
    expect(stderr).toMatch(/^Nothing came on standard input\.\nThere is nothing to read\.\n/)
    expect(code).toBe(1)
    put('a.log', log(0, 1))
    const beside = await bbqInShell('true | "$NODE" "$BBQ" run raw --input web1=- --input web2=a.log')
    expect(beside.stderr).toContain('Nothing came on standard input.')
    expect(beside.stdout).toContain('read 1 lines')
    expect(beside.code).toBe(0)
  })

  test('and does not fit is told, with what to do', async () => {
    const { code, stderr } = await bbqInShell(
      'ulimit -f 300; head -c 3000000 /dev/zero | tr "\\0" a | "$NODE" "$BBQ" run raw --input -',
    )
    expect(stderr).toMatch(/^Copying standard input into .*streams failed after \d+ KB\.\n {2}why .*EFBIG/)
    expect(stderr).toContain('--state DIR')
    expect(code).toBe(1)
    expect(existsSync(join(folder, '.bbq', 'streams'))).toBe(false)
  })

  test('and does not come yet is waited for until Ctrl-C', async () => {
    await run('mkfifo', [join(folder, 'pipe')])
    const running = start(folder, ['run', 'raw', '--input', 'pipe'])
    await new Promise<void>((resolve) => {
      running.child.stderr?.on(
        'data',
        (text: string) => text.includes('Waiting for pipe; Ctrl-C ends it.') && resolve(),
      )
    })
    running.child.kill('SIGINT')
    const { code, stdout } = await running.ended
    expect([code, stdout]).toEqual([130, ''])
    expect(existsSync(join(folder, '.bbq', 'streams'))).toBe(false)
  })

  test.each([
    [['--every', '2s'], '--every cannot read standard input again and again.'],
    [['--dry-run'], '--dry-run cannot keep a line that reads standard input.'],
  ])('is refused with %j', async (flags, what) => {
    const { code, stderr } = await bbq(folder, ['run', 'raw', '--input', '-', ...flags])
    expect(stderr.split('\n')[0]).toBe(what)
    expect(code).toBe(2)
  })
})
