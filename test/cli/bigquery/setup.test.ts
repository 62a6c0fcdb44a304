import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { freshFolder } from '../bbq.ts'
import { dataEditor, jobUser, openForTest as open } from './world.ts'

const creator = 'roles/resourcemanager.projectCreator'

interface Step {
  readonly id: string
  readonly ok: boolean
  readonly done: string | null
  readonly commands: readonly string[]
}

const stepsOf = (answer: { readonly steps: readonly Step[] }): Readonly<Record<string, Step>> =>
  Object.fromEntries(answer.steps.map((step) => [step.id, step]))

describe('setup', () => {
  test('from nothing at all: writes the config, makes project, APIs, dataset and tables, and grants the uploader', async () => {
    const { server, folder, json, run } = await open({ projectExists: false, apiEnabled: false })
    server.grant('operator', [creator])
    rmSync(join(folder, 'config.yaml'))
    const settings = [
      ...['--project-id', server.projectId, '--bigquery-location', 'europe-west1'],
      ...['--warehouse-api-endpoint', server.url, '--warehouse-token-endpoint', server.tokenUrl],
    ]
    const answer = await json(['setup', ...settings, '--yes'])
    expect(answer.ok).toBe(true)
    const { project, apis, dataset, uploader, operator } = stepsOf(answer)
    expect(project?.done).toBe('made demo-project just now')
    expect(apis?.done).toBe('switched bigquery.googleapis.com on')
    expect(dataset?.done).toContain('raw_logs')
    expect(uploader?.done).toBe('granted roles/bigquery.jobUser, roles/bigquery.dataEditor')
    expect(operator?.done).toBeNull()
    expect(readFileSync(join(folder, 'config.yaml'), 'utf8')).toMatch(/location: europe-west1/)
    expect((await run(['doctor'])).code).toBe(0)

    const again = await json(['setup'])
    expect(Object.values(stepsOf(again)).map(({ done }) => done)).toEqual(Array(7).fill(null))
    expect(existsSync(join(folder, 'config.yaml.bak'))).toBe(false)
  }, 60_000)

  test('changes nothing that was not agreed to, and gives the lines that do it by hand', async () => {
    const { server, run, json } = await open({ projectExists: false })
    server.grant('operator', [creator])
    const { code, stdout } = await run(['setup'])
    expect(code).toBe(2)
    expect(stdout).toMatch(/problem +Project: +There is no project demo-project\./)
    expect(stdout).toMatch(/next +.*gcloud projects create demo-project/)
    expect(stdout).toContain('bbq setup --create-project')
    expect(stdout).toMatch(/- +APIs: +not checked: Project first/)
    expect(server.requests.count('projects.create')).toBe(0)
    const made = stepsOf(await json(['setup', '--create-project'], 4))
    expect(made['project']?.done).toBe('made demo-project just now')
    expect(made['uploader']?.ok).toBe(false)
    expect(made['uploader']?.commands.join('\n')).toContain('GRANT `roles/bigquery.dataEditor`')
    expect(server.requests.count('projects.setIamPolicy', 'datasets.patch')).toBe(0)
    expect(stepsOf(await json(['setup', '--grant']))['uploader']?.ok).toBe(true)
  }, 60_000)

  test('an account that may not make projects is told how to, with the line; a taken id is named', async () => {
    const { server, run } = await open({ projectExists: false })
    const may = await run(['setup', '--create-project', '--parent', 'folders/12'])
    expect(may.code).toBe(4)
    expect(may.stdout).toContain('The operator may not make the project demo-project.')
    expect(may.stdout).toContain('gcloud projects create demo-project --folder=12')
    server.grant('operator', [creator])
    const taken = await run(['setup', '--create-project', '--project-id', 'somebody-elses'])
    expect(taken.code).toBe(4)
    expect(taken.stdout).toContain('The id somebody-elses is taken')
    expect((await run(['setup', '--parent', 'mine'])).code).toBe(2)
  }, 60_000)

  test('an answer that is lost while the project is made does not make it twice', async () => {
    const { server, json } = await open({ projectExists: false })
    server.grant('operator', [creator])
    server.faults.add({ on: 'projects.create', nth: 1, do: 'cut after acceptance' })
    const { project, dataset } = stepsOf(await json(['setup', '--yes']))
    expect(project?.done).toBe('made demo-project just now')
    expect(dataset?.ok).toBe(true)
    expect(server.requests.of('projects.create').at(-1)?.status).toBe(409)
  }, 60_000)

  test('waits while somebody else grants what is missing', async () => {
    const { server, json } = await open()
    server.grant('operator', [dataEditor, jobUser])
    const waiting = json(['setup', '--wait', '60s'])
    await expect
      .poll(() => server.requests.of('datasets.get').filter(({ account }) => account?.startsWith('uploader')).length, {
        timeout: 30_000,
      })
      .toBeGreaterThan(1)
    server.grant('uploader', [dataEditor, jobUser])
    expect(stepsOf(await waiting)['uploader']?.ok).toBe(true)
  }, 90_000)

  test('an operator with Data Editor and Job User alone sets up all but the grants', async () => {
    const { server, run } = await open()
    server.grant('operator', [dataEditor, jobUser])
    const { code, stdout } = await run(['setup', '--yes'])
    expect(code).toBe(4)
    expect(stdout).toMatch(/ok +Dataset and tables: .*made raw_logs/)
    expect(stdout).toContain('The operator may not change who may use')
  })

  test('the resource manager off is told, and can be switched on', async () => {
    const { server, json } = await open({ resourceManagerEnabled: false })
    server.grant('operator', ['roles/owner'])
    server.grant('uploader', [dataEditor, jobUser])
    const off = stepsOf(await json(['setup']))
    expect(off['apis']?.commands).toEqual([
      'gcloud services enable cloudresourcemanager.googleapis.com --project=demo-project',
    ])
    expect(stepsOf(await json(['setup', '--enable-apis']))['apis']?.done).toContain('cloudresourcemanager')
  })

  test('with a warehouse on this machine there is nothing to do; -i needs a terminal', async () => {
    const { run } = await open()
    const here = await run(['setup', '--warehouse-kind', 'duckdb'])
    expect([here.code, here.stderr]).toEqual([0, expect.stringContaining('nothing to set up for the warehouse')])
    const asked = await run(['setup', '-i'])
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('every answer has a flag')])
  })

  test('a setting that does not fit is refused before anything is written', async () => {
    const { folder, run } = await open()
    const before = readFileSync(join(folder, 'config.yaml'), 'utf8')
    expect((await run(['setup', '--bigquery-dataset-name', 'no-dashes'])).code).toBe(2)
    expect(readFileSync(join(folder, 'config.yaml'), 'utf8')).toBe(before)
    const other = freshFolder()
    writeFileSync(join(other, 'config.yaml'), 'project: [')
    expect((await run(['setup', '--config', join(other, 'config.yaml'), '--project-id', 'demo-project'])).code).toBe(2)
    expect(readFileSync(join(other, 'config.yaml'), 'utf8')).toBe('project: [')
  })
})
