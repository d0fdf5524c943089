import { describe, expect, test } from '@jest/globals';
import { messages, only, runRule } from '../../judge.js';
import { files, hit, image } from '../../scannedImage.js';

describe('content_regex_match', () => {
  const scanned = image({ contents: [hit('/etc/app.conf', 'DB', 'DB=.*password.*')] });
  const message = 'File content analyzer found regexp match in container: file=/etc/app.conf regexp=DB=.*password.*';
  test.each([
    [{}, [message]],
    [{ regex_name: 'DB' }, [message]],
    [{ regex_name: '.*password.*' }, [message]],
    [{ regex_name: Buffer.from('DB=.*password.*').toString('base64') }, [message]],
    [{ regex_name: 'OTHER' }, []],
  ])('%j', (params, expected) => {
    expect(messages(scanned, 'files', 'content_regex_match', params)).toEqual(expected);
  });

  test('tells the line and the layer', () => {
    expect(only(runRule(scanned, 'files', 'content_regex_match')).location).toMatchObject({ path: '/etc/app.conf', line: 3, layer: { index: 0 } });
  });
});

describe('name_match', () => {
  test.each([
    ['.*\\.pem', ['/etc/ssl/a.pem', '/etc/ssl/b.pem.bak']],
    ['.*\\.pem$', ['/etc/ssl/a.pem']],
    ['/etc/ssl/[ab]\\.pem$', ['/etc/ssl/a.pem']],
    ['etc', []],
    ['(?i).*/ID_RSA', ['/root/.ssh/id_rsa']],
    ['(?!/etc).*', ['/root/.ssh/id_rsa']],
  ])('%s', (regex, paths) => {
    const scanned = image({ files: files('/etc/ssl/a.pem', '/etc/ssl/b.pem.bak', '/root/.ssh/id_rsa') });
    expect(messages(scanned, 'files', 'name_match', { regex })).toEqual(expect.arrayContaining(
      paths.map((path) => `Application of regex matched file found in container: file=${path} regexp=${regex}`),
    ));
    expect(messages(scanned, 'files', 'name_match', { regex })).toHaveLength(paths.length);
  });
});

describe('attribute_match', () => {
  const scanned = image({ files: files(['/etc/passwd', 0o100644], ['/etc/shadow', 0o100644]), digests: { md5: new Map(), sha1: new Map(), sha256: new Map([['/etc/passwd', 'abc']]) } });
  test.each([
    [{ filename: '/etc/passwd', mode: '00644' }, ['filename=/etc/passwd and mode=0o644 op=equals specified_mode=0o644']],
    [{ filename: '/etc/passwd', mode: '00644', mode_op: 'not_equals' }, []],
    [{ filename: '/etc/passwd', mode: '0600', mode_op: 'not_equals' }, ['filename=/etc/passwd and mode=0o644 op=not_equals specified_mode=0o600']],
    [{ filename: '/etc/passwd', checksum: 'abc' }, ['filename=/etc/passwd and checksum=abc op=equals specified_checksum=abc']],
    [{ filename: '/etc/passwd', checksum: 'abc', checksum_match: 'not_equals' }, []],
    [{ filename: '/etc/passwd', checksum: 'abc', mode: '00644' }, ['filename=/etc/passwd and checksum=abc op=equals specified_checksum=abc and mode=0o644 op=equals specified_mode=0o644']],
    [{ filename: '/etc/passwd', checksum: 'other', mode: '00644' }, []],
    [{ filename: '/etc/passwd' }, []],
    [{ filename: '/nowhere' }, []],
    [{ filename: '/nowhere', skip_missing: 'false' }, ['filename=/nowhere and skip_missing=False']],
    [{ filename: '/etc/shadow', mode_max: '0640' }, ['filename=/etc/shadow and mode=0o644 op=exceeds specified_mode_max=0o640']],
    [{ filename: '/etc/shadow', mode_max: '0644' }, []],
  ])('%j', (params, expected) => {
    expect(messages(scanned, 'files', 'attribute_match', params as Record<string, string>)).toEqual(expected);
  });

  test('a checksum that the report has not is not taken for another', () => {
    expect(runRule(scanned, 'files', 'attribute_match', { filename: '/etc/shadow', checksum: 'abc' }).notEvaluated).toHaveLength(1);
  });
});

describe('suid_or_guid_set', () => {
  test.each([
    // The ids are those of allow lists in the field.
    ['/usr/bin/chage', 0o104755, 'SUID or SGID found set on file /usr/bin/chage. Mode: 0o104755', '639f6f1177735759703e928c14714a59'],
    ['/usr/local', 0o042775, 'SUID or SGID found set on file /usr/local. Mode: 0o42775', '8184a3fd4d19d4be5ce6ff8ccb7f3c0b'],
  ])('%s', (path, mode, message, id) => {
    expect(only(runRule(image({ files: files([path, mode], '/bin/ls') }), 'files', 'suid_or_guid_set'))).toMatchObject({ message, id });
  });
});
