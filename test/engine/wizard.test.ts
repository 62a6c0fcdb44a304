import { expect, test } from 'vitest'
import { questions } from '../../src/config/questions.ts'
import { askedAfter, isAsked } from '../../src/engine/wizard.ts'

const askedWith = (answers: Readonly<Record<string, string>>): readonly string[] =>
  questions.map(({ key }) => key).filter((key) => isAsked(key, answers))

test('with a project the wizard asks for BigQuery and for no folder', () => {
  const asked = askedWith({ 'project.id': 'log-demo' })
  expect(asked).toContain('credentials.path')
  expect(asked).toContain('bigquery.dataset_name')
  expect(asked.filter((key) => key.startsWith('warehouse.'))).toEqual([])
})

test('without a project it asks for the folder and for nothing of Google Cloud', () => {
  expect(askedWith({ 'project.id': '  ' })).toEqual([
    'project.id',
    'cluster.api',
    'warehouse.path',
    'warehouse.node_path',
  ])
})

test('next and back pass over what is not asked', () => {
  const at = (key: string): number => questions.findIndex((question) => question.key === key)
  const inFolder = { questions, answers: { 'project.id': '' } }
  expect(askedAfter(inFolder, at('project.id'), 1)).toBe(at('cluster.api'))
  expect(askedAfter(inFolder, at('cluster.api'), -1)).toBe(at('project.id'))
  expect(askedAfter(inFolder, at('project.id'), -1)).toBeUndefined()
  expect(askedAfter({ questions, answers: { 'project.id': 'log-demo' } }, at('cluster.api'), 1)).toBeUndefined()
})
