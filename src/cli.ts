#!/usr/bin/env node
import { keepCompiled } from './compiled.js';

// a reader that goes away (| head) is no error
process.stdout.on('error', (error: NodeJS.ErrnoException) => { process.exit(error.code === 'EPIPE' ? 0 : 3); });
const words = process.argv.slice(2);
keepCompiled(words, process.env);
const { runCommandLine } = await import('./cli/run.js');
process.exitCode = await runCommandLine(words, process.env);
