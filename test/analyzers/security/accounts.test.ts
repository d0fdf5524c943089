import { describe, expect, test } from '@jest/globals';
import { parseGroup, parsePasswd, parseShadow } from '../../../src/analyzers/security/accounts.js';
import { users, type UsersFact } from '../../../src/analyzers/security/users.js';
import { entry, image, located, view } from '../sample-image.js';

const HASH = ['$6$', 'salt', '$', 'x'.repeat(86)].join('');

describe('lines that are none are passed over', () => {
  test.each([['', 0], ['+::::::\n', 0], ['# x:x:0:0::/:/bin/sh\n', 0], ['root:x:0:0:root:/root\n', 0], ['root:x:zero:0:root:/root:/bin/sh\n', 0], ['root:x:0:0:root:/root:/bin/sh\r\n\n', 1], [`${'a:x:1:1::/:/bin/sh\n'.repeat(20_000)}`, 10_000]])('%#', (text, count) => {
    expect(parsePasswd(text)).toHaveLength(count);
  });
});

test.each([
  ['a::1:0:99999:7:::', 'empty', ''],
  ['a:*:1', 'locked', ''],
  [`a:!${HASH}:1`, 'locked', ''],
  [`a:${HASH}:1`, 'set', 'sha512'],
  ['a:$1$ab$cdefgh:1', 'set', 'md5'],
  ['a:$y$j9T$abc:1', 'set', 'yescrypt'],
  ['a:abJnggxhB/yWI:1', 'set', 'des'],
])('shadow %s is %s %s', (line, password, algorithm) => {
  expect(parseShadow(line)).toEqual([{ name: 'a', password, algorithm }]);
});

test('group', () => {
  expect(parseGroup('root:x:0:\nwheel:x:10:alice,bob\n')).toEqual([{ name: 'root', gid: 0, members: [] }, { name: 'wheel', gid: 10, members: ['alice', 'bob'] }]);
});

describe('the section', () => {
  const PASSWD = 'root:x:0:0:root:/root:/bin/bash\ntoor::0:0::/root:/bin/sh\nbob:x:1000:1000::/home/bob:\nbob2:x:1000:1000::/home/bob:/usr/sbin/nologin\n__proto__:x:5:5::/:/bin/sh\n';
  const analyzer = users();
  const facts = ([['etc/passwd', PASSWD], ['etc/shadow', `root::1\nbob:${HASH}:1\n`], ['etc/group', 'wheel:x:10:bob\n']] as const).map(([path, text]) => located(`/${path}`, analyzer.analyze?.(entry(path), Buffer.from(text), () => undefined) as UsersFact));
  const sections = analyzer.report?.(view(image([]), facts))?.['users'] ?? {};

  test('weaknesses', () => {
    expect(Object.entries(sections['users.weaknesses'] ?? {}).map(([name, what]) => [name, JSON.parse(what)])).toEqual([
      ['root', ['empty password']],
      ['toor', ['empty password', 'uid 0 beside root']],
      ['bob2', ['uid 1000 of bob too']],
    ]);
  });

  test('accounts, without a hash', () => {
    expect(JSON.parse(sections['users.all']?.['bob'] ?? '')).toEqual({ uid: 1000, gid: 1000, home: '/home/bob', shell: '', login: true, password: 'set', algorithm: 'sha512', groups: ['wheel'] });
    expect(JSON.parse(sections['users.all']?.['bob2'] ?? '')).toMatchObject({ login: false });
    expect(Object.keys(sections['users.all'] ?? {})).toContain('__proto__');
    expect(JSON.stringify([facts, sections])).not.toContain('xxxx');
  });
});
