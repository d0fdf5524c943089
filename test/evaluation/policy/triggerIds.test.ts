import { expect, test } from '@jest/globals';
import type { Finding } from '../../../src/evaluation/evaluation.js';
import type { ScannedImage, VerificationRecord } from '../../../src/report/scanned.js';
import { runRule, type Params } from '../judge.js';
import { answer, config, files, hit, image, installed, match, withDockerfile } from '../scannedImage.js';

/**
 * Ids are what allow lists name: an interface. Those of the table are by Python's hashlib, of gate + trigger + message as Anchore Engine 1.1.0
 * writes it. The first, 639f6f11… and 8184a3fd… are seen in bundles and reports of others.
 */

const PASSWD = new Map([['/etc/passwd', Buffer.from('root:x:0:0:root:/root:/bin/sh\nftp:x:14:50:FTP User:/var/ftp:/sbin/nologin\n')]]);

function record(name: string): VerificationRecord {
  return { package: name, digest: null, digestalgo: null, mode: '0755', size: null, user: null, group: null, conffile: false };
}

const ADVISORIES = answer({ matches: [match(), match({ id: 'CVE-2026-0002' })] });

test.each<[id: string, gate: string, trigger: string, params: Params, scanned: () => ScannedImage, message: string]>([
  ['41cb7cdf04850e33a11f80c42bf660b3', 'dockerfile', 'instruction', { instruction: 'HEALTHCHECK', check: 'not_exists' }, () => image(),
    'Dockerfile directive \'HEALTHCHECK\' not found, matching condition \'not_exists\' check'],
  ['1309d0e9ce0d1a54b1f591bad0b0b1c2', 'dockerfile', 'instruction', { instruction: 'LABEL', check: 'not_exists' }, () => withDockerfile('FROM a:1'),
    'Dockerfile directive \'LABEL\' not found, matching condition \'not_exists\' check'],
  ['55516ac22606eb871dc49c5f6510cd50', 'dockerfile', 'instruction', { instruction: 'ADD', check: 'exists' }, () => withDockerfile('FROM a:1\nADD  x.tar /opt/'),
    'Dockerfile directive \'ADD\' check \'exists\' matched against \'\' for line \'x.tar /opt/\''],
  ['a14481671e6b9fa0f41b8d41212810dc', 'dockerfile', 'instruction', { instruction: 'ADD', check: 'exists', value: 'v' }, () => withDockerfile('FROM a:1\nADD x /'),
    'Dockerfile directive \'ADD\' check \'exists\' matched against \'v\' for line \'x /\''],
  ['6c779d2ccd026b532e8eaed4df3055c9', 'dockerfile', 'instruction', { instruction: 'RUN', check: 'like', value: '.*apt-get.*' }, () => withDockerfile('FROM a:1\nRUN apt-get update && \\\n    apt-get install -y curl'),
    'Dockerfile directive \'RUN\' check \'like\' matched against \'.*apt-get.*\' for line \'apt-get update && apt-get install -y curl\''],
  ['22135aab34dcc0d3ceecaf625744c49d', 'dockerfile', 'instruction', { instruction: 'FROM', check: 'not_in', value: 'debian:12, alpine:3.20' }, () => withDockerfile('FROM evil:1'),
    'Dockerfile directive \'FROM\' check \'not_in\' matched against \'debian:12, alpine:3.20\' for line \'evil:1\''],
  ['af0af15af87506d77d9d47c63ac6fd46', 'dockerfile', 'instruction', { instruction: 'WORKDIR', check: '=', value: '/app' }, () => withDockerfile('FROM a:1\nWORKDIR /app'),
    'Dockerfile directive \'WORKDIR\' check \'=\' matched against \'/app\' for line \'/app\''],
  ['ab0afc84d0d3275ea401d93eadf48465', 'dockerfile', 'instruction', { instruction: 'STOPSIGNAL', check: '!=', value: 'SIGTERM' }, () => withDockerfile('FROM a:1\nSTOPSIGNAL SIGKILL'),
    'Dockerfile directive \'STOPSIGNAL\' check \'!=\' matched against \'SIGTERM\' for line \'SIGKILL\''],
  ['cbff271f45d32e78dcc1979dbca9c14d', 'dockerfile', 'effective_user', { users: 'root', type: 'blacklist' }, () => image(),
    'User root found as effective user, which is explicity not allowed'],
  ['366f002734d7b130739551d6c32ebc41', 'dockerfile', 'effective_user', { users: 'app', type: 'whitelist' }, () => image({ config: config({ user: 'www' }) }),
    'User www found as effective user, which is not on the allowed list'],
  ['cc05c35507995b4a657b63f9b0baa281', 'dockerfile', 'exposed_ports', { ports: '22', type: 'blacklist' }, () => withDockerfile('FROM a:1\nEXPOSE 22 80', { config: config({ exposedPorts: ['22/tcp', '80/tcp'] }) }),
    'Dockerfile exposes port (22) which is in policy file DENIEDPORTS list'],
  ['94f1be4261f132c97cbb7a32f631a0e1', 'dockerfile', 'exposed_ports', { ports: '22', type: 'blacklist' }, () => image({ config: config({ exposedPorts: ['22/tcp'] }) }),
    'Dockerfile exposes port (22/tcp) which is in policy file DENIEDPORTS list'],
  ['df7189cb5fec5de6821baa1c1a072fa7', 'dockerfile', 'exposed_ports', { ports: '80', type: 'whitelist' }, () => withDockerfile('FROM a:1\nEXPOSE 80 53/udp', { config: config({ exposedPorts: ['80/tcp', '53/udp'] }) }),
    'Dockerfile exposes port (53/udp) which is not in policy file ALLOWEDPORTS list'],
  ['b00b22232c1902075263067d2d2b8eea', 'dockerfile', 'no_dockerfile_provided', {}, () => image(),
    'Image was not analyzed with an actual Dockerfile'],
  ['3731bbe8b738c6b14663db3436506cc4', 'files', 'content_regex_match', {}, () => image({ contents: [hit('/a', 'EVAL', 'EVAL=.*eval')] }),
    'File content analyzer found regexp match in container: file=/a regexp=EVAL=.*eval'],
  ['919b1a8543b0f434140f774e8ed357de', 'files', 'name_match', { regex: '.*\\.pem' }, () => image({ files: files('/etc/a.pem') }),
    'Application of regex matched file found in container: file=/etc/a.pem regexp=.*\\.pem'],
  ['6c7453ceb1bcc50980dec5af8aa5303d', 'files', 'attribute_match', { filename: '/etc/passwd', mode: '00644' }, () => image({ files: files('/etc/passwd') }),
    'filename=/etc/passwd and mode=0o644 op=equals specified_mode=0o644'],
  ['de037c9c69f99f4990ba1bfd1759b9dd', 'files', 'attribute_match', { filename: '/etc/passwd', checksum: 'abc', mode: '0600', mode_op: 'not_equals' }, () => image({ files: files(['/etc/passwd', 0o104755]), digests: { md5: new Map(), sha1: new Map(), sha256: new Map([['/etc/passwd', 'abc']]) } }),
    'filename=/etc/passwd and checksum=abc op=equals specified_checksum=abc and mode=0o4755 op=not_equals specified_mode=0o600'],
  ['f877fd0fd94ca428097e05e50edead37', 'files', 'attribute_match', { filename: '/gone', skip_missing: 'false' }, () => image(),
    'filename=/gone and skip_missing=False'],
  ['639f6f1177735759703e928c14714a59', 'files', 'suid_or_guid_set', {}, () => image({ files: files(['/usr/bin/chage', 0o104755]) }),
    'SUID or SGID found set on file /usr/bin/chage. Mode: 0o104755'],
  ['8184a3fd4d19d4be5ce6ff8ccb7f3c0b', 'files', 'suid_or_guid_set', {}, () => image({ files: files(['/usr/local', 0o042775]) }),
    'SUID or SGID found set on file /usr/local. Mode: 0o42775'],
  ['a03e8bea98bc473ccb1dc7471b201943', 'passwd_file', 'content_not_available', {}, () => image(),
    'Cannot locate /etc/passwd in image stored files archive: check analyzer settings.'],
  ['33b538737d9ce278bed3e325238dd0ff', 'passwd_file', 'blacklist_usernames', { user_names: 'daemon, ftp' }, () => image({ retrieved: PASSWD }),
    'Blacklisted user \'ftp\' found in image\'s /etc/passwd: pentry=ftp:x:14:50:FTP User:/var/ftp:/sbin/nologin'],
  ['b2a2636d1ee09d67f7b3d0e3bca4323b', 'passwd_file', 'blacklist_userids', { user_ids: '14' }, () => image({ retrieved: PASSWD }),
    'Blacklisted uid \'14\' found in image\'s /etc/passwd: pentry=ftp:x:14:50:FTP User:/var/ftp:/sbin/nologin'],
  ['f1e136caf0679c068628482a71d615d5', 'passwd_file', 'blacklist_groupids', { group_ids: '50' }, () => image({ retrieved: PASSWD }),
    'Blacklisted gid \'50\' found in image\'s /etc/passwd: pentry=ftp:x:14:50:FTP User:/var/ftp:/sbin/nologin'],
  ['2c02cd43b4fdd810b7233612a44ca18e', 'passwd_file', 'blacklist_shells', { shells: '/sbin/nologin' }, () => image({ retrieved: PASSWD }),
    'Blacklisted shell \'/sbin/nologin\' found in image\'s /etc/passwd: pentry=ftp:x:14:50:FTP User:/var/ftp:/sbin/nologin'],
  ['bfa3ab3cd4dd92762f25631cd4328164', 'passwd_file', 'blacklist_full_entry', { entry: 'ftp:x:14:50:FTP User:/var/ftp:/sbin/nologin' }, () => image({ retrieved: PASSWD }),
    'Blacklisted pentry \'ftp:x:14:50:FTP User:/var/ftp:/sbin/nologin\' found in image\'s /etc/passwd: pentry=ftp:x:14:50:FTP User:/var/ftp:/sbin/nologin'],
  ['013ff87ce9b12826800438355925acd3', 'retrieved_files', 'content_not_available', { path: '/etc/x' }, () => image({ retrieved: PASSWD }),
    'Cannot locate file in the image analysis'],
  ['e1f4112b7b678cb79bc59dbf23bab7ed', 'secret_scans', 'content_regex_checks', {}, () => image({ secrets: [hit('/k', 'PRIV_KEY', 'PRIV_KEY=(?i)-+BEGIN')] }),
    'Secret content search analyzer found regexp match in container: file=/k regexp=PRIV_KEY=(?i)-+BEGIN'],
  ['9715fd56c1801e0f2551b7970dcbf032', 'secret_scans', 'content_regex_checks', { match_type: 'notfound' }, () => image(),
    'Secret content search analyzer did not find regexp match in container: filename_regex=* content_regex_name=all'],
  ['a2928281fbdcb9485c259cb3453b98b0', 'secret_scans', 'content_regex_checks', { match_type: 'notfound', filename_regex: '/etc/.*', content_regex_name: 'PRIV_KEY' }, () => image(),
    'Secret content search analyzer did not find regexp match in container: filename_regex=/etc/.* content_regex_name=PRIV_KEY'],
  ['f8c3852c996673713473b38cbc5f6312', 'metadata', 'attribute', { attribute: 'size', check: '>', value: '1kb' }, () => image({ sizeBytes: 2000 }),
    'Attribute check for attribute: \'size\' check: \'>\' check_value: \'1024\' matched image value: \'2000\''],
  ['7f2106e8ba8cb094a0789832045ffde2', 'metadata', 'attribute', { attribute: 'distro', check: 'in', value: 'debian,alpine' }, () => image(),
    'Attribute check for attribute: \'distro\' check: \'in\' check_value: \'debian,alpine\' matched image value: \'debian\''],
  ['5426cb31577a188a3a7b7c6789e3ffa3', 'metadata', 'attribute', { attribute: 'architecture', check: 'not_like', value: 'arm.*' }, () => image(),
    'Attribute check for attribute: \'architecture\' check: \'not_like\' check_value: \'arm.*\' matched image value: \'amd64\''],
  ['23ee11d341329a8fc902afd90011006b', 'packages', 'verify', { check: 'missing' }, () => image({ verification: new Map([['/usr/bin/x', [record('coreutils')]]]) }),
    'VERIFY check against package db for package \'coreutils\' failed on entry \'/usr/bin/x\' with status: \'missing\''],
  ['1cba5f3cc65810de707ee3b4a77de269', 'packages', 'verify', {}, () => image({ verification: new Map([['/usr/bin/x', [record('coreutils')]]]), files: files(['/usr/bin/x', 0o100777]) }),
    'VERIFY check against package db for package \'coreutils\' failed on entry \'/usr/bin/x\' with status: \'changed\''],
  ['5f21bab88b395802f09956562717ff63', 'packages', 'blacklist', { name: 'curl' }, () => image({ packages: [installed({ name: 'curl', version: '8.0-1' })] }),
    'Package is blacklisted: curl'],
  ['afa69b3973eaeb107789e6dda62e63d2', 'packages', 'blacklist', { name: 'curl', version: '8.0-1' }, () => image({ packages: [installed({ name: 'curl', version: '8.0-1' })] }),
    'Package is blacklisted: curl-8.0-1'],
  ['9b1301163ee5bcfeef663cfaeb37bf0c', 'packages', 'required_package', { name: 'libssl' }, () => image(),
    'Required input package (libssl) is not present in container image'],
  ['6db760498c3148e0a64d592fe1a04ee9', 'packages', 'required_package', { name: 'libssl', version: '3' }, () => image(),
    'Required input package (libssl,3) is not present in container image'],
  ['44fb73d2d63441288f3ccaab7f282655', 'packages', 'required_package', { name: 'curl', version: '8.1-1' }, () => image({ packages: [installed({ name: 'curl', version: '8.0-1' })] }),
    'Required input package (curl) is present (8.0-1), but not at the version specified in policy (curl)'],
  ['5788fe4b45e649ce63394e19ec31a2dc', 'packages', 'required_package', { name: 'curl', version: '8.1-1', version_match_type: 'minimum' }, () => image({ packages: [installed({ name: 'curl', version: '8.0-1' })] }),
    'Required min-version input package (curl) is present (8.0-1), but is lower version than what is specified in policy (8.1-1)'],
  ['dc9863705e43bdc9b04ca0d768b43bfc', 'npms', 'blacklisted_name_version', { name: 'left-pad' }, () => image({ packages: [installed({ name: 'left-pad', version: '1.0.0', type: 'npm' })] }),
    'NPM Package is blacklisted: left-pad'],
  ['65da5d4415b3e7336c752aebfaef4a40', 'npms', 'feed_data_unavailable', {}, () => image(),
    'NPM packages are present but the anchore npm feed is not available - will be unable to perform checks that require feed data'],
  ['d7a2db2d949902152a5cb57507e82f22', 'ruby_gems', 'blacklist', { name: 'rake', version: '13.0' }, () => image({ packages: [installed({ name: 'rake', version: '13.0', type: 'gem' })] }),
    'Gem Package is blacklisted: rake-13.0'],
  ['58d7d6d2d3299c3c10f08a6a8ab95bb4', 'ruby_gems', 'feed_data_unavailable', {}, () => image(),
    'Gem packages are present but the anchore gem feed is not available - will be unable to perform checks that require feed data'],
  ['7feaec55f790ab6b3edba15014b8b5f2', 'malware', 'scan_not_run', {}, () => image(),
    'No malware scans found for image'],
  ['edd059430aa899953754fbb7e894dced', 'vulnerabilities', 'blacklist', { vulnerability_ids: 'CVE-2026-0001,CVE-1,CVE-2026-0002' }, () => image(),
    'Blacklisted vulnerabilities detected: [\'CVE-2026-0001\', \'CVE-2026-0002\']'],
  ['26f9241a0a8045931a48dfd017fc0077', 'vulnerabilities', 'stale_feed_data', { max_days_since_sync: '0' }, () => image({ packages: [installed()] }),
    'The vulnerability feed for this image distro is older than MAXAGE (0) days'],
  ['505fc3bf6c0b98fe989e62fd5ea84f95', 'vulnerabilities', 'vulnerability_data_unavailable', {}, () => image({ packages: [installed()], distro: { id: 'slackware', version: '15', like: [] } }),
    'Distro-specific feed data not found for distro namespace: slackware:15. Cannot perform CVE scan OS/distro packages'],
])('%s: %s.%s %j', (id, gate, trigger, params, scanned, message) => {
  const { findings } = runRule(scanned(), gate, trigger, params, { advisories: ADVISORIES });
  expect(findings.map((finding) => [finding.id, finding.message])).toEqual([[id, message]]);
});

function ids(...args: Parameters<typeof runRule>): readonly string[] {
  return runRule(...args).findings.map(({ id }: Finding) => id);
}

test('ids that are no hash', () => {
  expect(ids(image(), 'always', 'always')).toEqual(['always']);
  expect(ids(image({ retrieved: PASSWD }), 'retrieved_files', 'content_regex', { path: '/etc/passwd', regex: 'root:', check: 'match' })).toEqual(['r+file:///etc/passwd']);
  expect(ids(image({ malware: [{ scanner: 'clamav', path: '/tmp/eicar.com', signature: 'Eicar-Test' }] }), 'malware', 'scans')).toEqual(['clamav+Eicar-Test+dd9c841d399dc578c5050f10504edf3d']);
});

test.each([
  ['dpkg', 'openssl', '/var/lib/dpkg/status', 'openssl'],
  ['npm', 'lodash', '/srv/app/node_modules/lodash/package.json', 'lodash'],
  ['npm', '@babel/core', '/srv/app/node_modules/@babel/core/package.json', 'core'],
  ['java', 'log4j-core', '/opt/app/lib/log4j-core-2.14.1.jar', 'log4j-core-2.14.1.jar'],
  ['gem', 'rake', '/usr/lib/ruby/gems/specifications/rake-13.0.gemspec', 'rake-13.0.gemspec'],
  ['python', 'django', '/usr/lib/python3/dist-packages/Django-3.2.dist-info/METADATA', 'django-3.2'],
  ['go', 'golang.org/x/text', '/usr/bin/app', 'golang.org/x/text-3.2'],
  ['dotnet', 'Newtonsoft.Json', '/app/app.deps.json', 'Newtonsoft.Json-3.2'],
])('a vulnerability of a %s package, %s in %s: +%s', (type, name, path, key) => {
  const found = installed({ type, name, path, version: '3.2' });
  const advisories = answer({ matches: [match({ package: found, severity: 'high', fixedIn: ['3.3', '4.0'] })] });
  const { findings } = runRule(image({ packages: [found] }), 'vulnerabilities', 'package', { package_type: 'all' }, { advisories });
  const kind = type === 'dpkg' ? 'os' : 'non-os';
  expect(findings.map(({ id, message }) => ({ id, message }))).toEqual([{
    id: `CVE-2026-0001+${key}`,
    message: `HIGH Vulnerability found in ${kind} package type (${type}) - ${type === 'dpkg' ? name : path}(fixed in: 3.3, 4.0)(CVE-2026-0001 - https://osv.dev/CVE-2026-0001)`,
  }]);
});
