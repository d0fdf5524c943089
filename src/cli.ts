#!/usr/bin/env node
import './nursery.js';
import { runCommandLine } from './cli/run.js';

// a reader that goes away (| head) is no error
process.stdout.on('error', (error: NodeJS.ErrnoException) => { process.exit(error.code === 'EPIPE' ? 0 : 3); });
process.exitCode = await runCommandLine(process.argv.slice(2), process.env);
