interface Cure {
  readonly text: RegExp
  readonly next: string
}

/** What to do about the reasons for which nodes cannot run a job; the first that matches decides. */
const cures: readonly Cure[] = [
  {
    text: /allowlisted|not allowed/i,
    next: "Allow the mount on the node: bacalhau serve --compute -c 'Compute.AllowListedLocalPaths=/bacalhau_data/**:rw', and the same for the shared folder of a DuckDB warehouse.",
  },
  {
    text: /does not exist and creation is not allowed|no such file or directory/i,
    next: 'Make the folder on the node (cluster.data, /bacalhau_data by default).',
  },
  {
    text: /pull|manifest|no such host|image|registry/i,
    next: 'Let the node pull the image, pull it there by hand, or name another with cluster.image.',
  },
  {
    text: /not downloaded|download|urlDownload|fetch/i,
    next: "The node's host must reach cluster.npm_registry once, or cluster.image must be bbq's own image, which brings DuckDB along.",
  },
  {
    text: /is also that of/,
    next: 'Give every node a data folder of its own. A disk that was copied from another node gets a key pair of its own by bbq nodes prepare --rotate.',
  },
  { text: /left out|busy|capacity/, next: 'The nodes are busy: wait until their jobs have ended, then try again.' },
  {
    text: /not prepared|never prepared|lacks|labels changed|another one/,
    next: 'Prepare the nodes: bbq nodes prepare',
  },
  { text: /not connected/, next: 'Start bacalhau on the node, or leave it out with --nodes.' },
]

/** The next step for a reason that a node gave, or undefined for one that is not known. */
export const explainReason = (reason: string): string | undefined => cures.find(({ text }) => text.test(reason))?.next
