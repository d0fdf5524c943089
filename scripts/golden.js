// Writes the golden files anew, then shows what changed: read the diff before you commit it.
import { spawnSync } from 'node:child_process';

const jest = spawnSync(process.execPath, ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', ...process.argv.slice(2)], {
  stdio: 'inherit', env: { ...process.env, UPDATE_GOLDEN: '1' },
});
spawnSync('git', ['--no-pager', 'diff', '--stat', '--', 'test/golden'], { stdio: 'inherit' });
process.exit(jest.status ?? 1);
