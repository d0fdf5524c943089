import { TOOL } from './tool.js';

// the first line comes before anything is loaded, so that whoever waits sees that it runs
process.stdout.write(`Inline Scan ${TOOL.version}\n`);
const { runAction } = await import('./action/run.js');
process.exitCode = await runAction(process.env);
