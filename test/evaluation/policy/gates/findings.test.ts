import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { messages, only, runRule } from '../../judge.js';
import { config, hit, history, image, installed } from '../../scannedImage.js';

describe('secret_scans', () => {
  const scanned = image({
    secrets: [hit('/app/a.env'), hit('/etc/b.key', 'PRIV_KEY')],
    hiddenSecrets: [hit('/root/.ssh/id_rsa', 'PRIV_KEY')],
    configSecrets: [hit('config:env:AWS_SECRET_ACCESS_KEY', 'AWS_SECRET_KEY')],
  });
  const found = (path: string, name: string): string => `Secret content search analyzer found regexp match in container: file=${path} regexp=${name}=(?i).*AKIA.*`;
  test.each([
    [{}, [found('/app/a.env', 'AWS_ACCESS_KEY'), found('/etc/b.key', 'PRIV_KEY'), found('/root/.ssh/id_rsa', 'PRIV_KEY'), found('config:env:AWS_SECRET_ACCESS_KEY', 'AWS_SECRET_KEY')]],
    [{ content_regex_name: 'AWS_ACCESS_KEY' }, [found('/app/a.env', 'AWS_ACCESS_KEY')]],
    [{ content_regex_name: 'AWS_ACCESS_KEY, AWS_SECRET_KEY' }, [found('/app/a.env', 'AWS_ACCESS_KEY'), found('config:env:AWS_SECRET_ACCESS_KEY', 'AWS_SECRET_KEY')]],
    [{ content_regex_name: 'xAWS_ACCESS_KEYx' }, [found('/app/a.env', 'AWS_ACCESS_KEY')]],
    [{ content_regex_name: 'NONE' }, []],
    [{ filename_regex: '/etc/.*' }, [found('/etc/b.key', 'PRIV_KEY')]],
    [{ filename_regex: '/etc/.*', content_regex_name: 'AWS_ACCESS_KEY' }, []],
    [{ match_type: 'notfound' }, []],
    [{ match_type: 'notfound', filename_regex: '/opt/.*' }, ['Secret content search analyzer did not find regexp match in container: filename_regex=/opt/.* content_regex_name=all']],
    [{ match_type: 'notfound', content_regex_name: 'NONE' }, ['Secret content search analyzer did not find regexp match in container: filename_regex=* content_regex_name=NONE']],
  ])('%j', (params, expected) => {
    expect([...messages(scanned, 'secret_scans', 'content_regex_checks', params as Record<string, string>)].sort()).toEqual([...expected].sort());
  });
});

describe('malware', () => {
  test('scans', () => {
    const scanned = image({ malware: [{ scanner: 'clamav', path: '/tmp/eicar', signature: 'Eicar-Test' }] });
    expect(only(runRule(scanned, 'malware', 'scans'))).toMatchObject({
      id: `clamav+Eicar-Test+${createHash('md5').update('/tmp/eicar').digest('hex')}`,
      message: 'Malware scan finding: scanner=clamav file=/tmp/eicar signature=Eicar-Test',
    });
    expect(messages(image({ malware: [] }), 'malware', 'scans')).toEqual([]);
    expect(runRule(image(), 'malware', 'scans').notEvaluated[0]?.why).toBe('no malware scanner ran');
  });

  test('scan_not_run', () => {
    expect(messages(image(), 'malware', 'scan_not_run')).toEqual(['No malware scans found for image']);
    expect(messages(image({ malware: [] }), 'malware', 'scan_not_run')).toEqual([]);
  });
});

describe('licenses', () => {
  const scanned = image({ packages: [
    installed({ name: 'bash', licenses: ['GPLv3+'] }), installed({ name: 'lib', licenses: ['MIT AND GPL-2.0'] }), installed({ name: 'web', licenses: ['Apache License 2.0'] }),
  ] });
  test.each([
    ['blacklist_exact_match', 'GPL-3.0-or-later', [['GPLv3+', 'bash', 'LICFULLMATCH']]],
    ['blacklist_exact_match', 'GPLv3+', [['GPLv3+', 'bash', 'LICFULLMATCH']]],
    ['denylist_exact_match', 'GPL-2.0-only', [['GPL-2.0', 'lib', 'LICFULLMATCH']]],
    ['blacklist_exact_match', 'Apache-2.0', [['Apache License 2.0', 'web', 'LICFULLMATCH']]],
    ['blacklist_exact_match', 'AND', []],
    ['blacklist_exact_match', 'GPL', []],
    ['blacklist_partial_match', 'GPL', [['GPL-2.0', 'lib', 'LICSUBMATCH'], ['GPLv3+', 'bash', 'LICSUBMATCH']]],
    ['blacklist_partial_match', 'BSD', []],
  ])('%s %s', (trigger, licenses, expected) => {
    const { findings } = runRule(scanned, 'licenses', trigger, { licenses });
    expect(findings.map(({ id, message }) => [id, message])).toEqual(expected.map(([license, name, prefix]) => [
      `${license}+${name}`, `${prefix} Packages are installed that have blacklisted licenses: ${name}(${license})`,
    ]));
  });
});

describe('npms and ruby_gems', () => {
  const scanned = image({ packages: [installed({ type: 'npm', name: 'left-pad', version: '1.3.0' }), installed({ type: 'gem', name: 'rails', version: '5.0' })] });
  test.each([
    ['npms', 'blacklisted_name_version', { name: 'left-pad' }, ['NPM Package is blacklisted: left-pad']],
    ['npms', 'blacklisted_name_version', { name: 'left-pad', version: '1.3.0' }, ['NPM Package is blacklisted: left-pad-1.3.0']],
    ['npms', 'blacklisted_name_version', { name: 'left-pad', version: '1.2.0' }, []],
    ['npms', 'blacklisted_name_version', { name: 'rails' }, []],
    ['ruby_gems', 'blacklist', { name: 'rails' }, ['Gem Package is blacklisted: rails']],
    ['gems', 'denylist', { name: 'rails', version: '5.0' }, ['Gem Package is blacklisted: rails-5.0']],
    ['npms', 'feed_data_unavailable', {}, ['NPM packages are present but the anchore npm feed is not available - will be unable to perform checks that require feed data']],
    ['ruby_gems', 'feed_data_unavailable', {}, ['Gem packages are present but the anchore gem feed is not available - will be unable to perform checks that require feed data']],
  ])('%s %s %j', (gate, trigger, params, expected) => {
    expect(messages(scanned, gate, trigger, params as Record<string, string>)).toEqual(expected);
  });

  test.each([
    ['npms', 'newer_version_in_feed'], ['npms', 'unknown_in_feeds'], ['npms', 'version_not_in_feeds'],
    ['ruby_gems', 'newer_version_found_in_feed'], ['ruby_gems', 'not_found_in_feed'], ['ruby_gems', 'version_not_found_in_feed'],
  ])('%s %s is not evaluated, and has nothing to say without packages', (gate, trigger) => {
    expect(runRule(scanned, gate, trigger)).toMatchObject({ findings: [], notEvaluated: [{ policy: 'p', rule: 'r', gate, trigger }] });
    expect(runRule(image(), gate, trigger)).toMatchObject({ findings: [], notEvaluated: [] });
  });
});

describe('metadata', () => {
  const scanned = image({
    sizeBytes: 2_000_000, layers: history('a', 'b'), distro: { id: 'ubuntu', version: '22.04', like: ['debian'] },
    config: config({ user: 'app:app', labels: { 'org.team': 'shop' }, env: ['TOKEN=secret', 'A=1'] }),
  });
  const said = (attribute: string, check: string, value: string, actual: string): string => (
    `Attribute check for attribute: '${attribute}' check: '${check}' check_value: '${value}' matched image value: '${actual}'`
  );
  test.each([
    [['size', '>', '1mb'], said('size', '>', '1048576', '2000000')],
    [['size', '>', '1gb'], undefined],
    [['size', '<=', '2000000'], said('size', '<=', '2000000', '2000000')],
    [['size', 'exists', undefined], said('size', 'exists', '', '2000000')],
    [['layer_count', '>', '1'], said('layer_count', '>', '1', '2')],
    [['layer_count', '>', '2'], undefined],
    [['architecture', '=', 'amd64'], said('architecture', '=', 'amd64', 'amd64')],
    [['os_type', '!=', 'linux'], undefined],
    [['distro', 'in', 'alpine, ubuntu'], said('distro', 'in', 'alpine, ubuntu', 'ubuntu')],
    [['distro', 'not_in', 'alpine,ubuntu'], undefined],
    [['distro_version', '>', '9'], said('distro_version', '>', '9', '22.04')],
    [['distro_version', '<', '22.4.1'], said('distro_version', '<', '22.4.1', '22.04')],
    [['like_distro', 'like', 'deb'], said('like_distro', 'like', 'deb', 'debian')],
    [['like_distro', 'not_like', 'deb'], undefined],
    [['user', '=', 'app'], said('user', '=', 'app', 'app')],
    [['label:org.team', '=', 'shop'], said('label:org.team', '=', 'shop', 'shop')],
    [['label:org.other', 'not_exists', undefined], said('label:org.other', 'not_exists', '', 'None')],
    [['distro', 'exists', undefined], said('distro', 'exists', 'None', 'ubuntu')],
    [['label:constructor', 'exists', undefined], undefined],
    [['env:TOKEN', 'exists', undefined], said('env:TOKEN', 'exists', '', '***')],
    [['env:NONE', 'exists', undefined], undefined],
    [['created_age_days', '>', '20'], said('created_age_days', '>', '20', '27')],
    [['created_age_days', '>', '90'], undefined],
  ])('%j', ([attribute, check, value], expected) => {
    const params = { attribute: attribute as string, check: check as string, ...(value === undefined ? {} : { value }) };
    expect(messages(scanned, 'metadata', 'attribute', params)).toEqual(expected === undefined ? [] : [expected]);
  });

  test('what is not known is not evaluated', () => {
    expect(runRule(image({ created: '' }), 'metadata', 'attribute', { attribute: 'created_age_days', check: '>', value: '1' }).notEvaluated).toHaveLength(1);
    expect(runRule(image({ config: null }), 'metadata', 'attribute', { attribute: 'user', check: 'exists' }).notEvaluated).toHaveLength(1);
    expect(runRule(image(), 'metadata', 'attribute', { attribute: 'size', check: '>' }).notEvaluated[0]?.why).toMatch(/needs a value/);
  });
});

test('always', () => {
  expect(only(runRule(image(), 'always', 'always'))).toMatchObject({ id: 'always', message: 'Unconditional trigger match' });
});

describe('distro.end_of_life', () => {
  test.each([
    ['debian', '8', /^Distribution debian 8 reached its end of life on \d{4}-\d\d-\d\d \(/],
    ['debian', '12', undefined],
  ])('%s %s', (id, version, message) => {
    const { findings } = runRule(image({ distro: { id, version, like: [] } }), 'distro', 'end_of_life');
    expect(findings).toHaveLength(message === undefined ? 0 : 1);
    if (message !== undefined) expect(findings[0]?.message).toMatch(message);
  });

  test('an unknown one is not evaluated', () => {
    expect(runRule(image({ distro: { id: 'ownix', version: '1', like: [] } }), 'distro', 'end_of_life').notEvaluated).toHaveLength(1);
  });
});
