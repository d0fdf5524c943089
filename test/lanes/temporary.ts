import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from '@jest/globals';
import { packTar, type PackedEntry } from '../image/build.js';

const made: string[] = [];

/** A directory that is gone after the tests of the file. */
export async function temporary(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'inline-scan-test-'));
  made.push(directory);
  return directory;
}

afterAll(async () => {
  for (const directory of made) await rm(directory, { recursive: true, force: true });
});

/** The path of a file with these bytes. */
export async function fileOf(bytes: Buffer, name = 'image.tar'): Promise<string> {
  const file = path.join(await temporary(), name);
  await writeFile(file, bytes);
  return file;
}

/** The path of an archive with these members. */
export async function archiveOf(members: readonly PackedEntry[]): Promise<string> {
  return fileOf(await packTar(members));
}

/** The path of a directory with these files. */
export async function directoryOf(members: readonly PackedEntry[]): Promise<string> {
  const directory = await temporary();
  for (const { name, content } of members) {
    await mkdir(path.dirname(path.join(directory, name)), { recursive: true });
    await writeFile(path.join(directory, name), content ?? '');
  }
  return directory;
}
