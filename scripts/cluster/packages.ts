import { execa } from 'execa'
import { AppError } from '../../src/core/errors.ts'
import { run, type Steps } from './step.ts'

/** Programs of the machine that a cluster needs, and the Debian packages that bring them. */
const needed: Readonly<Record<string, string>> = {
  docker: 'docker.io',
  dockerd: 'docker.io',
  'docker-registry': 'docker-registry',
  'dpkg-deb': 'dpkg',
  iptables: 'iptables',
  ip: 'iproute2',
  nsenter: 'util-linux',
}

const has = async (program: string): Promise<boolean> =>
  !(await execa('sh', ['-c', `command -v ${program}`], { reject: false })).failed

/** Installs what is missing. */
export const installPackages = async (steps: Steps): Promise<void> => {
  const programs = await Promise.all(Object.keys(needed).map(async (name) => ((await has(name)) ? [] : [name])))
  const missing = programs.flat()
  if (missing.length === 0) return
  const packages = [...new Set(missing.map((program) => needed[program] ?? program))]
  if (!(await has('apt-get')))
    throw new AppError({
      what: `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not installed.`,
      why: 'Only on Debian and its relatives are they installed from here.',
      next: [`Install what Debian has as ${packages.join(', ')}, then run this again.`],
    })
  steps.say(`apt-get install ${packages.join(' ')}`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await run(steps, 'apt-get', ['update', '-qq'], { env, next: ['Check the network and /etc/apt/sources.list.'] })
  await run(steps, 'apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env })
}
