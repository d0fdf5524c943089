import { describe, expect, test } from '@jest/globals';
import { maskSecrets } from '../../../src/analyzers/secrets/mask.js';
import { maskOf, maskSetting, maskWords } from '../../../src/analyzers/secrets/imageMask.js';

const CONFIG = {
  env: ['DB_PASSWORD=correct horse battery', 'PATH=/usr/bin'], labels: { 'api_key': 'a b' },
  history: [{ created: '', createdBy: 'RUN |2 TOKEN=x y z MODE=fast now /bin/sh -c npm ci # buildkit', comment: '', emptyLayer: false }],
} as unknown as Parameters<typeof maskOf>[0];

describe('values with blanks are hidden whole, wherever they are repeated', () => {
  test.each([
    ['ENV DB_PASSWORD=correct horse battery A=1', 'ENV DB_PASSWORD=*** A=1'],
    ['LABEL api_key=a b', 'LABEL api_key=***'],
    ['RUN |2 TOKEN=x y z MODE=fast now /bin/sh -c npm ci # buildkit', 'RUN |2 TOKEN=*** MODE=fast now /bin/sh -c npm ci # buildkit'],
    ['ENV PATH=/usr/bin', 'ENV PATH=/usr/bin'],
  ])('%s', (text, shown) => {
    expect(maskOf(CONFIG, maskSecrets)(text)).toBe(shown);
  });
});

test.each([
  ['DB_PASSWORD=a b=c', 'DB_PASSWORD=***'],
  ['DATABASE_URL=postgres://u:p@h/d', 'DATABASE_URL=postgres://u:***@h/d'],
  ['PASSWORD_FILE=/run/secrets/x', 'PASSWORD_FILE=/run/secrets/x'],
  ['EMPTY', 'EMPTY'],
])('a setting: %s', (setting, shown) => {
  expect(maskSetting(setting, maskSecrets)).toBe(shown);
});

test('the word behind an option that asks for a secret', () => {
  expect(maskWords(['app', '--password', 'hunter2', '--port', '80', 'sh', '-c', 'x --token y'], maskSecrets))
    .toEqual(['app', '--password', '***', '--port', '80', 'sh', '-c', 'x --token ***']);
});
