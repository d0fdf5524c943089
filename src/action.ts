import { TOOL } from './tool.js';

// the first line comes before anything is loaded, so that whoever waits sees that it runs
process.stdout.write(`Inline Scan ${TOOL.version}\n`);
const { runAction } = await import('./action/run.js');
const status = await runAction(process.env);
// a cache service that does not answer would hold the step; what was said goes out before
process.stdout.write('', () => process.stderr.write('', () => process.exit(status)));
