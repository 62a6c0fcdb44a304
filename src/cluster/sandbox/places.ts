import type { NodeIdentity, Provider } from '../../core/node.ts'

const regions: readonly (readonly [Provider, readonly string[]])[] = [
  ['aws', ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1', 'ap-south-1', 'ap-east-1', 'sa-east-1']],
  ['gcp', ['us-central1', 'us-east4', 'europe-west1', 'europe-west4', 'asia-east1', 'asia-south1', 'us-west1']],
  ['azure', ['eastus', 'westus2', 'northeurope', 'westeurope', 'uksouth', 'japaneast', 'brazilsouth']],
]

const networks: Readonly<Record<string, string>> = { aws: '172.31.4', gcp: '10.128.0', azure: '10.4.0' }

/** The simulated nodes; their public addresses are from a range that is kept for documentation. */
export const places: readonly NodeIdentity[] = regions.flatMap(([provider, names], cloud) =>
  names.map((region, index) => ({
    id: `${provider}-${index + 1}`,
    provider,
    region,
    hostname: `${provider}-${index + 1}.${region}.internal`,
    public_ip: `192.0.2.${cloud * 20 + index + 11}`,
    private_ip: `${networks[provider]}.${index + 11}`,
  })),
)
