import { describe, expect, test } from 'vitest'
import { placeOf } from '../../../src/cluster/bacalhau/place.ts'

describe('cloud and region of a node', () => {
  test.each([
    ['aws-1', { cloud_provider: 'aws', region: 'us-east-1' }, 'aws', 'us-east-1'],
    ['n-1', { 'cloud-provider': 'aws', region: 'eu-west-1' }, 'aws', 'eu-west-1'],
    ['n-1', { cloudProvider: 'AWS', 'Cloud Region': 'EU-West-1' }, 'aws', 'eu-west-1'],
    ['n-1', { 'topology.kubernetes.io/region': 'europe-west4' }, 'gcp', 'europe-west4'],
    ['n-1', { 'availability-zone': 'us-east-1c' }, 'aws', 'us-east-1'],
    ['n-1', { provider: 'azure', zone: '2' }, 'azure', 'unknown'],
    ['n-1', { CLOUD_PROVIDER: 'GCP', REGION: 'us-central1' }, 'gcp', 'us-central1'],
    ['n-1', { provider: 'Microsoft Azure', location: 'eastus' }, 'azure', 'eastus'],
    ['n-1', { 'gcp.zone': 'europe-west1-b' }, 'gcp', 'europe-west1'],
    ['n-1', { EC2_INSTANCE_FAMILY: 't3', ZONE: 'us-west-2a' }, 'aws', 'us-west-2'],
    ['i-0abc12345def67890', {}, 'aws', 'unknown'],
    ['4815162342108151623', {}, 'gcp', 'unknown'],
    ['azure-9', {}, 'azure', 'unknown'],
    ['n-1', { region: 'sa-east-1' }, 'aws', 'sa-east-1'],
    ['n-1', { region: 'asia-east1' }, 'gcp', 'asia-east1'],
    ['n-1', { region: 'westeurope' }, 'azure', 'westeurope'],
    ['n-1', { region: 'uksouth' }, 'azure', 'uksouth'],
    ['n-1', { region: 'eastus2' }, 'azure', 'eastus2'],
    ['n-1', { cloud_provider: '', provider: 'hetzner', region: 'fsn1' }, 'other', 'fsn1'],
    ['n-1', {}, 'other', 'unknown'],
  ] as const)('%s %o is %s in %s', (id, labels, provider, region) => {
    expect(placeOf(id, labels)).toEqual({ provider, region })
  })
})
