import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { readRpmDatabase } from '../../../src/analyzers/os/rpm/records.js';
import { fixture } from '../../golden.js';

const DATABASES: readonly (readonly [folder: string, file: string])[] = [
  ['bdb-libuuid', 'Packages'], ['epoch', 'Packages'], ['ndb-sle15-bci', 'Packages.db'], ['sqlite-cbl-mariner-2.0', 'rpmdb.sqlite'],
];

function database(folder: string, file: string): Buffer {
  return gunzipSync(readFileSync(fixture(`os/rpm/${folder}/${file}.gz`)));
}

test.each(DATABASES)('%s holds what rpm -qa says', (folder, file) => {
  const told: string[] = [];
  const none = (value: unknown): string => (value === null || value === '' ? '(none)' : String(value));
  const rows = readRpmDatabase(database(folder, file), (message) => told.push(message)).map((found) => {
    const [, version = '', release = ''] = /^(?:\d+:)?(.*)-([^-]*)$/.exec(found.version) ?? [];
    return [found.name, none(found.epoch), version, release, none(found.architecture), none(found.sourceRpm), none(found.license), none(found.vendor), none(found.size)].join('\t');
  });
  expect(rows.sort()).toEqual(readFileSync(fixture(`os/rpm/${folder}/truth.tsv`), 'utf8').trimEnd().split('\n').sort());
  expect(told).toEqual([]);
});
