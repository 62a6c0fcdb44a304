import { execa } from 'execa'
import type { NodePlan } from './plan.ts'
import type { Steps } from './step.ts'

/** The rules that let containers of a node reach the network, also where another Docker has closed forwarding. */
const rules = ({ bridge, network }: NodePlan): readonly (readonly string[])[] => [
  ['-t', 'nat', 'POSTROUTING', '-s', `${network}.0/24`, '!', '-o', bridge, '-j', 'MASQUERADE'],
  ['-t', 'filter', 'FORWARD', '-i', bridge, '-j', 'ACCEPT'],
  ['-t', 'filter', 'FORWARD', '-o', bridge, '-j', 'ACCEPT'],
]

const works = async (command: string, args: readonly string[]): Promise<boolean> =>
  !(await execa(command, args, { reject: false, stdin: 'ignore' })).failed

const iptables = ([t = '', table = '', ...rule]: readonly string[], action: string): Promise<boolean> =>
  works('iptables', ['--wait', t, table, action, ...rule])

/** Makes the node's bridge and returns its name; `none` where this machine lets nobody make one. */
export const openBridge = async (node: NodePlan, steps: Steps): Promise<string> => {
  const { bridge, network } = node
  if (!(await works('ip', ['link', 'show', bridge]))) {
    if (!(await works('ip', ['link', 'add', bridge, 'type', 'bridge']))) {
      steps.say(`no bridge can be made for ${node.name}: only jobs with network host or none run there`)
      return 'none'
    }
    steps.onFailure(() => closeBridge(node))
  }
  await works('ip', ['addr', 'replace', `${network}.1/24`, 'dev', bridge])
  await works('ip', ['link', 'set', bridge, 'up'])
  for (const rule of rules(node)) {
    if ((await iptables(rule, '--check')) || (await iptables(rule, '--insert'))) continue
    steps.say(`iptables refused a rule for ${bridge}: containers of ${node.name} reach no network`)
  }
  return bridge
}

export const closeBridge = async (node: NodePlan): Promise<void> => {
  for (const rule of rules(node)) while (await iptables(rule, '--delete'));
  await works('ip', ['link', 'delete', node.bridge])
}
