import { expect, test } from 'vitest'
import { pickedFolder } from './folder'

const file = (webkitRelativePath: string) => Object.assign(new File([], 'x'), { webkitRelativePath })
const paths = (...files: string[]) => pickedFolder(files.map(file)).map(({ path }) => path)

test('default: paths are sorted and relative to the picked folder', () => {
  expect(paths('tiny/model.safetensors', 'tiny/config.json', 'tiny/sub/a.txt')).toEqual([
    'config.json',
    'model.safetensors',
    'sub/a.txt',
  ])
})

test('behavior: hidden files are left out, and two folders keep their names', () => {
  expect(paths('tiny/.git/HEAD', 'tiny/.DS_Store', 'tiny/config.json')).toEqual(['config.json'])
  expect(paths('a/x', 'b/x')).toEqual(['a/x', 'b/x'])
})
