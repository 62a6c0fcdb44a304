import { describe, expect, test } from 'vitest'
import type { Fault, FaultKind } from '../../bigquery/server/faults.ts'
import type { StandIn } from '../../bigquery/server/types.ts'
import { fakeTime, settle } from '../../fakes/time.ts'
import { configOf, world } from '../../fakes/world.ts'
import { openDemo } from './demo.ts'

const reads = ['tables.get', 'tabledata.list'] as const

const fault = (kind: FaultKind): readonly Fault[] => [{ on: reads, do: kind, times: Number.POSITIVE_INFINITY }]

interface Case {
  readonly breaks: (server: StandIn) => void
  readonly what: RegExp
  readonly fix: RegExp
}

const faulty = (kind: FaultKind, what: RegExp, fix: RegExp): Case => ({
  breaks: (server) => server.faults.add(...fault(kind)),
  what,
  fix,
})

const unanswered = [/did not look at the table/, /Try again in a moment; what runs on the nodes goes on/] as const

const cases: Readonly<Record<string, Case>> = {
  'a key that is deleted': {
    breaks: (server) => {
      server.expireTokens()
      server.faults.add({ on: 'oauth.token', do: 'invalid_grant', times: Number.POSITIVE_INFINITY })
    },
    what: /no access token/,
    fix: /service-accounts keys create/,
  },
  'a clock that goes wrong': {
    breaks: (server) => {
      server.expireTokens()
      server.faults.add({ on: 'oauth.token', do: 'clock wrong', times: Number.POSITIVE_INFINITY })
    },
    what: /no access token/,
    fix: /Set the clock/,
  },
  'a token that nobody takes': faulty('expired token', /does not accept the access token/, /make a new key/i),
  'a connection that is cut': faulty('cut before acceptance', ...unanswered),
  'a service that is down': faulty('503 before acceptance', ...unanswered),
  'a server that is silent': faulty('silence', ...unanswered),
  'the sign-in page of a network': faulty('html page with 200', /is not BigQuery/, /sign-in page/),
  'the API switched off': faulty('403 accessNotConfigured', /BigQuery API is off/, /gcloud services enable/),
  'a right that is taken away': faulty('403 accessDenied', /may not look at the table/, /roles\/bigquery\.dataEditor/),
  'a quota that is used up': faulty('403 quotaExceeded', /A quota of the project/, /refill within a day/),
  'too many calls': faulty('403 rateLimitExceeded', /more calls than it takes/, /Wait a few seconds/),
  'billing that ends': faulty('403 billingNotEnabled', /has no billing/, /gcloud billing projects link/),
}

/** An engine that watches a stand-in with three rows in it. */
const openWatch = async () => {
  const time = fakeTime()
  const demo = await openDemo()
  const config = configOf({ warehouse: { kind: 'bigquery' }, project: { id: 'demo-project' } })
  const { engine } = world({
    openWarehouse: async () => demo.warehouse,
    config,
    local: config,
    clock: time.now,
    timers: time.timers,
  })
  await engine.commands.start()
  const { epoch = '' } = engine.store.getState().source ?? {}
  const { sendLines } = await demo.sender()
  const sent = ['a', 'b', 'c'].map((id) => ({ id: `aws-1/f/${id}`, text: `line ${id}`, sentUs: time.now() * 1_000 }))
  await sendLines(epoch, 'first', sent)
  engine.commands.show('raw')
  /** Lets time pass, in which whatever is asked is answered in its own time, until it is so; at most two minutes. */
  const until = async (isSo: () => boolean): Promise<void> => {
    for (let seconds = 0; seconds < 120 && !isSo(); seconds += 1) {
      await time.pass(1_000)
      await engine.idle()
      await settle()
    }
  }
  await until(() => engine.store.getState().tables.byName.raw_logs.tail.length === sent.length)
  return {
    ...demo,
    engine,
    time,
    until,
    close: async () => {
      await engine.close()
      await demo.close()
    },
  }
}

describe('when BigQuery fails in the middle, the demo goes on with what it had', () => {
  test.concurrent.each(Object.entries(cases))(
    '%s',
    async (_, { breaks, what, fix }) => {
      const { server, engine, time, until, close } = await openWatch()
      const tables = () => engine.store.getState().tables
      try {
        expect(tables().byName.raw_logs).toMatchObject({ rows: 3 })
        expect(tables().byName.raw_logs.tail).toHaveLength(3)
        breaks(server)
        // stages run on the nodes whatever BigQuery says
        const run = engine.commands.runStage('raw')
        let ended = false
        void run.finally(() => {
          ended = true
        })
        while (!ended) {
          await time.pass(1_000)
          await settle()
        }
        expect((await run).nodes.every(({ state }) => state === 'done')).toBe(true)
        const told = (): string => `${tables().failure?.problem.what} ${tables().failure?.problem.why}`
        await until(() => what.test(told()))
        expect(told()).toMatch(what)
        const { problem } = tables().failure ?? {}
        expect(problem?.next.join('\n')).toMatch(fix)
        expect(tables().byName.raw_logs).toMatchObject({ rows: 3 })
        expect(tables().byName.raw_logs.tail).toHaveLength(3)
        server.faults.clear()
        await until(() => tables().failure === undefined)
        expect(tables().failure).toBeUndefined()
      } finally {
        await close()
      }
    },
    120_000,
  )
})
