import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { copyrightLicenses } from '../../../src/analyzers/os/dpkg/copyright.js';

describe('licences of a copyright file', () => {
  test.each<[string, string, string[]]>([
    ['machine-readable', 'Format: http://dep.debian.net/deps/dep5\n\nFiles: *\nLicense: GPL-2+ and  MIT\n text /usr/share/common-licenses/GPL-3\n\nLicense: BSD-3-clause\n .\n\nLicense: GPL-2+ and MIT\n', ['GPL-2+ and MIT', 'BSD-3-clause']],
    ['machine-readable, with a byte-order mark and a comment', '\ufeff# c\nFormat: x\nLicense: Expat\n', ['Expat']],
    ['a licence field without a name', 'Format: x\n\nFiles: *\nLicense:\n text\n', []],
    ['a reference', 'On Debian systems, see /usr/share/common-licenses/GPL-2.', ['GPL-2.0-only']],
    ['a reference, or later', 'either version 2, or (at your option) any later\n version; see /usr/share/common-licenses/LGPL-2.1', ['LGPL-2.1-or-later']],
    ['a reference without a version', 'see `/usr/share/common-licenses/GPL\'', ['GPL-1.0-or-later']],
    ['a reference to other texts', '/usr/share/common-licenses/Apache-2.0, /usr/share/common-licenses/Artistic.', ['Apache-2.0', 'Artistic-1.0-Perl']],
    ['the MIT text', 'Permission is hereby granted, free of\n  charge, to any person obtaining a copy of this software', ['MIT']],
    ['the two-clause BSD text', 'Redistribution and use in source and binary forms, with or without', ['BSD-2-Clause']],
    ['the three-clause BSD text', 'Redistribution and use in source and binary forms … may be used to endorse or promote products', ['BSD-3-Clause']],
    ['the four-clause BSD text', 'Redistribution and use in source and binary forms … All advertising materials … endorse or promote', ['BSD-4-Clause']],
    ['a named GNU licence', 'The GNU Lesser General Public\nLicense, version 2.1 (or, at your option, any later version)', ['LGPL-2.1-or-later']],
    ['a field in free text', 'License: GPLv2+\nfoo', ['GPLv2+']],
    ['nothing', 'Copyright 2020 somebody', []],
    ['an empty file', '', []],
  ])('%s', (_, text, expected) => {
    expect(copyrightLicenses(text)).toEqual(expected);
  });

  test('a file that states a million is bounded', () => {
    expect(copyrightLicenses(`Format: x\n${Array.from({ length: 100_000 }, (_, index) => `\nLicense: L${index} ${'x'.repeat(300)}\n`).join('')}`)).toHaveLength(500);
  });

  test('whatever it holds, it is read', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const start of ['', 'Format: x\nLicense: ']) expect(Array.isArray(copyrightLicenses(start + text))).toBe(true);
    }));
  });
});
