import { paragraphs } from '../deb822.js';

/** The most that one file states in Debian is some 150 (of browsers). */
const MOST_LICENSES = 500;
const LONGEST_NAME = 200;

const LICENSE: ReadonlySet<string> = new Set(['license']);

/**
 * Licences of a Debian package, from its copyright file: the short names of a machine-readable one, in its order and words;
 * else SPDX identifiers of the licences that a free text names, refers to or quotes. Linear in the text.
 * Source: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/ and Debian Policy 12.5.
 */
export function copyrightLicenses(text: string): string[] {
  const licenses = new Set<string>();
  for (const license of isMachineReadable(text) ? shortNames(text) : freeTextLicenses(text)) {
    if (licenses.size === MOST_LICENSES) break;
    licenses.add(license.slice(0, LONGEST_NAME));
  }
  return [...licenses];
}

function isMachineReadable(text: string): boolean {
  return /^\s*(?:#[^\n]*\n\s*)*Format(?:-Specification)?:/i.test(text.slice(0, 4096));
}

function* shortNames(text: string): Generator<string> {
  for (const paragraph of paragraphs(text, LICENSE)) {
    const [synopsis = ''] = (paragraph.get('license') ?? '').split('\n', 1);
    if (synopsis !== '') yield synopsis.replace(/\s+/g, ' ');
  }
}

/** Licence texts that a reader knows by a sentence, in lower case and with single spaces. `unless` tells variants apart. */
const PHRASES: readonly { readonly id: string; readonly all: readonly string[]; readonly unless?: readonly string[] }[] = [
  { id: 'MIT', all: ['permission is hereby granted, free of charge, to any person obtaining a copy'] },
  { id: 'ISC', all: ['for any purpose with or without fee is hereby granted, provided that the above copyright notice'], unless: ['the name of'] },
  { id: 'HPND', all: ['permission to use, copy, modify, and distribute this software and its documentation for any purpose and without fee is hereby granted'] },
  { id: 'HPND-sell-variant', all: ['permission to use, copy, modify, distribute, and sell this software and its documentation for any purpose is hereby granted without fee'] },
  { id: 'BSD-4-Clause', all: ['redistribution and use in source and binary forms', 'all advertising materials'] },
  { id: 'BSD-3-Clause', all: ['redistribution and use in source and binary forms', 'endorse or promote'], unless: ['all advertising materials'] },
  { id: 'BSD-2-Clause', all: ['redistribution and use in source and binary forms'], unless: ['endorse or promote', 'all advertising materials'] },
  { id: 'Zlib', all: ['altered source versions must be plainly marked'] },
  { id: 'Apache-2.0', all: ['apache license', 'version 2.0'] },
  { id: 'MPL-2.0', all: ['mozilla public license', '2.0'] },
  { id: 'MPL-1.1', all: ['mozilla public license version 1.1'] },
  { id: 'OpenSSL', all: ['openssl license'] },
  { id: 'BSL-1.0', all: ['boost software license'] },
  { id: 'public-domain', all: ['in the public domain'] },
];

function* freeTextLicenses(text: string): Generator<string> {
  for (const line of text.matchAll(/^[ \t]{0,8}License:[ \t]*(\S[^\n]{0,100})/gm)) yield (line[1] ?? '').trim();
  const referred = [...references(text)];
  yield* referred;
  const words = text.toLowerCase().replace(/\s+/g, ' ');
  for (const { id, all, unless = [] } of PHRASES) {
    if (all.every((phrase) => words.includes(phrase)) && !unless.some((phrase) => words.includes(phrase))) yield id;
  }
  if (referred.length === 0) yield* gnuNames(words);
}

/** `gnu lesser general public license, version 2.1 (or, at your option, any later version)`. */
function* gnuNames(words: string): Generator<string> {
  const orLater = words.includes('any later version');
  for (const [, kind = '', version = ''] of words.matchAll(/gnu (lesser |library )?general public license,? \(?v(?:ersion )?(\d(?:\.\d)?)/g)) {
    yield `${kind === '' ? '' : 'L'}GPL-${version.includes('.') ? version : `${version}.0`}-${orLater ? 'or-later' : 'only'}`;
  }
}

/** SPDX identifiers of the texts in /usr/share/common-licenses, where they are not called the same. */
const COMMON: Readonly<Record<string, string>> = {
  'Artistic': 'Artistic-1.0-Perl',
  'BSD': 'BSD-3-Clause',
  'GPL-1': 'GPL-1.0', 'GPL-2': 'GPL-2.0', 'GPL-3': 'GPL-3.0', 'GPL': 'GPL-1.0',
  'LGPL-2': 'LGPL-2.0', 'LGPL-3': 'LGPL-3.0', 'LGPL': 'LGPL-2.0',
  'GFDL': 'GFDL-1.1',
};

/** The licences that it says are in /usr/share/common-licenses. A link without a version (`GPL`) is to any version. */
function* references(text: string): Generator<string> {
  const orLater = /any\s+later\s+version/i.test(text);
  for (const [, word = ''] of text.matchAll(/\/usr\/share\/common-licenses\/([A-Za-z0-9][A-Za-z0-9.+-]{0,40})/g)) {
    const name = word.replace(/[.+-]+$/, '');
    const id = COMMON[name] ?? name;
    const isGnu = /^(?:GPL|LGPL|GFDL)-\d/.test(id);
    yield isGnu ? `${id}-${orLater || !/\d/.test(name) ? 'or-later' : 'only'}` : id;
  }
}
