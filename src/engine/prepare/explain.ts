interface Cure {
  readonly text: RegExp
  readonly next: string
}

/** What to do about the reasons for which nodes cannot run a job; the first that matches decides. */
const cures: readonly Cure[] = [
  {
    text: /allowlisted|mount is not allowed/i,
    next: "Allow the mount on the node: bacalhau serve --compute -c 'Compute.AllowListedLocalPaths=/bacalhau_data/**:rw', and the same for the shared folder of a DuckDB warehouse.",
  },
  {
    text: /does not exist and creation is not allowed|bind source path does not exist/i,
    next: 'Make the folder on the node (cluster.data, /bacalhau_data by default).',
  },
  {
    text: /not in allowed patterns|does not resolve environment variable/,
    next: 'Allow the variable on the node: bacalhau serve --compute -c Compute.Env.AllowList=NAME, or take it out of the spec.',
  },
  {
    text: /memory limit exceeded|out of memory|exit code 137/i,
    next: 'Give a stage more memory with cluster.memory_mb, then run it again: it goes on where it stopped.',
  },
  {
    text: /timed out after|took longer than/i,
    next: 'Run the stage again: it goes on where it stopped. More cores with cluster.cpu make it faster.',
  },
  {
    text: /unable to start container process|exec format error/,
    next: 'Name an image that has Node 22.18 or later, for the architecture of the node, with cluster.image.',
  },
  {
    text: /is also that of|share a folder/,
    next: 'Give every node a data folder of its own. A disk that was copied from another node gets a key pair of its own by bbq nodes prepare --rotate.',
  },
  {
    text: /not matching nodes[\s\S]{0,400}selectors/,
    next: 'No node has the labels that the job asks for: change cluster.nodes, or the labels of the nodes.',
  },
  {
    text: /left out|busy|capacity/,
    next: 'The nodes are busy: wait until their jobs have ended, then try again. A stage asks a node for cluster.cpu and cluster.memory_mb.',
  },
  {
    text: /not prepared|never prepared|lacks|labels changed|another one/,
    next: 'Prepare the nodes: bbq nodes prepare',
  },
  {
    text: /node lost|node restart/,
    next: 'Look whether bacalhau runs on the node and reaches the orchestrator. Then run the stage again: it goes on where it stopped.',
  },
  { text: /not connected/, next: 'Start bacalhau on the node, or leave it out with --nodes.' },
  {
    text: /not downloaded|download|fetch/i,
    next: "The node's host must reach cluster.npm_registry once, or cluster.image must be bbq's own image, which brings DuckDB along.",
  },
  {
    text: /pull|manifest|no such host|image|registry/i,
    next: 'Let the node pull the image, pull it there by hand, or name another with cluster.image.',
  },
  {
    text: /no such file or directory/i,
    next: 'Make the folder on the node (cluster.data, /bacalhau_data by default).',
  },
]

/** The next step for a reason that a node gave, or undefined for one that is not known. */
export const explainReason = (reason: string): string | undefined => cures.find(({ text }) => text.test(reason))?.next
