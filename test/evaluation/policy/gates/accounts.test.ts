import { describe, expect, test } from '@jest/globals';
import { messages, only, runRule } from '../../judge.js';
import { files, image } from '../../scannedImage.js';

const PASSWD = 'root:x:0:0:root:/root:/bin/bash\n\nftp:x:14:50:FTP User:/var/ftp:/sbin/nologin\n+::::::\nempty::5:5:A B:/:/bin/sh\n';
const scanned = image({ files: files('/etc/passwd'), retrieved: new Map([['/etc/passwd', Buffer.from(PASSWD)]]) });
const FTP = 'ftp:x:14:50:FTP User:/var/ftp:/sbin/nologin';
const NOT_THERE = 'Cannot locate /etc/passwd in image stored files archive: check analyzer settings.';

describe('passwd_file', () => {
  test.each([
    ['blacklist_usernames', { user_names: 'ftp,games' }, [`Blacklisted user 'ftp' found in image's /etc/passwd: pentry=${FTP}`]],
    ['blacklist_usernames', { usernameblacklist: 'ftp' }, [`Blacklisted user 'ftp' found in image's /etc/passwd: pentry=${FTP}`]],
    ['denylist_usernames', { user_names: 'games' }, []],
    ['blacklist_userids', { user_ids: '14' }, [`Blacklisted uid '14' found in image's /etc/passwd: pentry=${FTP}`]],
    ['blacklist_userids', { user_ids: '99' }, []],
    ['blacklist_groupids', { group_ids: '50' }, [`Blacklisted gid '50' found in image's /etc/passwd: pentry=${FTP}`]],
    ['blacklist_groupids', { group_ids: '14' }, []],
    ['blacklist_shells', { shells: '/sbin/nologin' }, [`Blacklisted shell '/sbin/nologin' found in image's /etc/passwd: pentry=${FTP}`]],
    ['blacklist_shells', { shells: '/bin/zsh' }, []],
    ['blacklist_full_entry', { entry: FTP }, [`Blacklisted pentry '${FTP}' found in image's /etc/passwd: pentry=${FTP}`]],
    ['blacklist_full_entry', { entry: 'ftp' }, []],
    ['content_not_available', {}, []],
  ])('%s %j', (trigger, params, expected) => {
    expect(messages(scanned, 'passwd_file', trigger, params as Record<string, string>)).toEqual(expected);
  });

  test('a file that was not retrieved', () => {
    const missing = image({ files: files('/etc/passwd') });
    expect(messages(missing, 'passwd_file', 'content_not_available')).toEqual([NOT_THERE]);
    expect(runRule(missing, 'passwd_file', 'blacklist_usernames', { user_names: 'ftp' }).notEvaluated[0]?.why).toMatch(/does not hold/);
  });

  test('an image without the file has no accounts', () => {
    expect(runRule(image(), 'passwd_file', 'blacklist_usernames', { user_names: 'ftp' })).toMatchObject({ findings: [], notEvaluated: [] });
  });

  test('tells the line', () => {
    expect(only(runRule(scanned, 'passwd_file', 'blacklist_userids', { user_ids: '14' })).location).toEqual({ path: '/etc/passwd', line: 3 });
  });
});

describe('retrieved_files', () => {
  test.each([
    // regex, check, does it fire
    ['[^:]+::', 'match', true],
    ['User:', 'match', true],
    ['FTP User', 'match', false],
    ['ftp:x:14:50:FTP User', 'match', true],
    ['nothing', 'match', false],
    ['nothing', 'no_match', true],
    ['root', 'no_match', false],
  ])('content_regex %s %s', (regex, check, fires) => {
    const { findings } = runRule(scanned, 'retrieved_files', 'content_regex', { path: '/etc/passwd', regex, check });
    expect(findings.map(({ id, message }) => ({ id, message }))).toEqual(fires ? [{
      id: 'r+file:///etc/passwd',
      message: `Content regex '${regex}' check '${check}' found in retrieved file '/etc/passwd'`,
    }] : []);
  });

  test('content_regex tells that a file was not retrieved, and is silent about one that is not there', () => {
    const params = { path: '/etc/shadow', regex: '.*', check: 'match' };
    expect(runRule(image({ files: files('/etc/shadow') }), 'retrieved_files', 'content_regex', params).notEvaluated).toHaveLength(1);
    expect(runRule(image(), 'retrieved_files', 'content_regex', params)).toMatchObject({ findings: [], notEvaluated: [] });
  });

  test('content_not_available', () => {
    const message = 'Cannot locate file in the image analysis';
    expect(messages(scanned, 'retrieved_files', 'content_not_available', { path: '/etc/passwd' })).toEqual([]);
    expect(messages(scanned, 'retrieved_files', 'content_not_available', { path: '/etc/shadow' })).toEqual([message]);
    expect(messages(image(), 'retrieved_files', 'content_not_available', { path: '/etc/shadow' })).toEqual([message, message]);
  });
});
