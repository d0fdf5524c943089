#!/usr/bin/env node
import { keepCompiled } from './compiled.js';

// a reader that goes away (| head) is no error, and changes no exit status
for (const stream of [process.stdout, process.stderr]) stream.on('error', (error: NodeJS.ErrnoException) => { if (error.code !== 'EPIPE') cannotWrite(error); });

function cannotWrite({ message }: Error): never {
  process.stderr.write(`inline-scan: What came of it cannot be written (${message}).\n`);
  process.exit(3);
}
const words = process.argv.slice(2);
keepCompiled(words, process.env);
const { runCommandLine } = await import('./cli/run.js');
process.exitCode = await runCommandLine(words, process.env);
