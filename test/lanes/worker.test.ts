import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { bundled } from '../bundled.js';
import { dockerLegacy, packTar } from '../image/build.js';
import { archiveOf, temporary } from './temporary.js';

const run = promisify(execFile);

/** Bundles code with lane.js beside it, as the build does, and runs it in a process of its own. */
let directory: string;
beforeAll(async () => {
  directory = await temporary();
  await bundle('lane', "import './src/lanes/worker.ts';");
});

async function bundle(name: string, code: string): Promise<string> {
  await bundled({ [name]: { code } }, directory);
  return path.join(directory, `${name}.js`);
}

test('lanes are worker threads in the bundle, and end with it', async () => {
  const entries = Array.from({ length: 300 }, (_, index) => ({ name: `f${index}`, content: 'x'.repeat(index * 300) }));
  const archive = await archiveOf(dockerLegacy({ layers: [await packTar(entries), await packTar(entries.slice(0, 10))] }, ['shop:1.0']));
  const entry = await bundle('take', `
    import { takeImage } from './src/lanes/takeImage.ts';
    import { Worker } from 'node:worker_threads';
    const post = Worker.prototype.postMessage;
    let posted = 0;
    Worker.prototype.postMessage = function (...message) { posted++; return post.apply(this, message); };
    const { image } = await takeImage({ archive: process.argv[2] }, { config: { names: ['checksums'] } });
    const bySource = (index) => image.layers[index].facts.facts.checksums.length;
    console.log(JSON.stringify({ nodes: image.flattened.nodes.size, facts: [bySource(0), bySource(1)], threads: posted > 0 }));
  `);
  const { stdout } = await run(process.execPath, [entry, archive]);
  expect(JSON.parse(stdout)).toEqual({ nodes: 300, facts: [300, 10], threads: true });
}, 30_000);

test('a bug in a worker comes out with its stack, and nothing hangs', async () => {
  const archive = await archiveOf(dockerLegacy({ layers: [await packTar(Array.from({ length: 50 }, (_, index) => ({ name: `f${index}`, content: 'x'.repeat(900_000) })))] }, ['shop:1.0']));
  // A slot that is none, as a bug would have it.
  const entry = await bundle('bug', `
    import { takeImage } from './src/lanes/takeImage.ts';
    import { Worker } from 'node:worker_threads';
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message) { return post.call(this, message.kind === 'chunk' ? { ...message, slot: -1 } : message); };
    await takeImage({ archive: process.argv[2] }, { config: { names: ['checksums'] } }).then(() => console.log('whole'), (error) => console.log(error.name + '\\n' + error.stack));
  `);
  const { stdout } = await run(process.execPath, [entry, archive]);
  expect(stdout).toMatch(/^(Range|Type)?Error\n/);
  expect(stdout).toMatch(/\n\s+at .*lane\.js/);
}, 30_000);
