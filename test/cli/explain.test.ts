import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { explainCommand } from '../../src/cli/explainCommand.js';
import { evaluation, SHOP_FINDINGS } from '../output/sample.js';

const folder = mkdtempSync(join(tmpdir(), 'inline-scan-explain-'));
writeFileSync(join(folder, 'evaluation.json'), JSON.stringify(evaluation(SHOP_FINDINGS)));

let said = '';
const write = jest.spyOn(process.stdout, 'write').mockImplementation((text, done?: unknown) => {
  said += String(text);
  if (typeof done === 'function') (done as () => void)();
  return true;
});
afterEach(() => { said = ''; write.mockClear(); });

describe('explain', () => {
  test.each(['evaluation.json', ''])('of the folder, or the file in it (%j)', async (name) => {
    expect(await explainCommand('CVE-2019-10744', { evaluation: join(folder, name) })).toBe(0);
    expect(said).toMatch(/^CVE-2019-10744 in lodash/);
  });
  test('without a name all are listed', async () => {
    expect(await explainCommand(undefined, { evaluation: folder })).toBe(0);
    expect(said).toMatch(/^CVE-2019-10744 +stop /m);
  });
  test.each<[name: string, sentence: RegExp]>([
    ['CVE-2019-1074', /has no finding "CVE-2019-1074"\. Nearest: CVE-2019-10744.*\. Without FINDING all are listed\.$/],
    ['something-else-altogether', /has no finding "something-else-altogether"\. Without FINDING all are listed\.$/],
  ])('%s is not there', async (name, sentence) => {
    await expect(explainCommand(name, { evaluation: folder })).rejects.toThrow(sentence);
    expect(said).toBe('');
  });
  test('no evaluation', async () => {
    await expect(explainCommand('x', { evaluation: '/nosuch' })).rejects.toThrow('There is no evaluation /nosuch. Give the folder that a scan wrote its reports to');
  });
});
