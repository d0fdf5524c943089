import { expect, test } from '@jest/globals';
import { maskSecrets } from '../../src/analyzers/secrets/mask.js';
import type { Finding } from '../../src/evaluation/evaluation.js';
import { title } from '../../src/output/title.js';
import { HOSTILE, vulnerable } from './sample.js';

function finding(of: string, message: string, location: Finding['location'] = {}): Finding {
  const [gate = '', trigger = ''] = of.split('.');
  return { id: 'x', policy: 'p', rule: 'r', gate, trigger, action: 'warn', message, location };
}

const SECRET = 'Secret content search analyzer found regexp match in container';

test.each<[of: string, message: string, title: string, location?: Finding['location']]>([
  ['secret_scans.content_regex_checks', `${SECRET}: file=/root/.ssh/id_rsa regexp=PRIV_KEY=(?i)-+BEGIN(.*)PRIVATE KEY-+`, 'Private key (PRIV_KEY) in /root/.ssh/id_rsa:1', { path: '/root/.ssh/id_rsa', line: 1 }],
  ['secret_scans.content_regex_checks', `${SECRET}: file=/root/.ssh/id_rsa regexp=PRIV_KEY=(?i)-+BEGIN(.*)PRIVATE KEY-+`, 'Private key (PRIV_KEY) in /root/.ssh/id_rsa:1, deleted or replaced by a later layer', { path: '/root/.ssh/id_rsa', line: 1, hidden: true }],
  ['secret_scans.content_regex_checks', `${SECRET}: file=/app/.env regexp=PASSWORD=(?i).*(password)\\s*=\\S{4,}`, 'Password (PASSWORD) in /app/.env:2', { line: 2 }],
  ['secret_scans.content_regex_checks', `${SECRET}: file=config:env:AWS_SECRET_ACCESS_KEY regexp=AWS_SECRET_KEY=(?i).*aws`, 'AWS secret access key (AWS_SECRET_KEY) in ENV AWS_SECRET_ACCESS_KEY'],
  ['secret_scans.content_regex_checks', `${SECRET}: file=config:history:5 regexp=AWS_SECRET_KEY=x`, 'AWS secret access key (AWS_SECRET_KEY) in the image’s history'],
  ['secret_scans.content_regex_checks', 'Secret search analyzer found regexp match in container: file=/a b regexp=OF_OURS=x', 'Secret (OF_OURS) in /a b'],
  ['secret_scans.content_regex_checks', 'Secret content search analyzer did not find regexp match in container: filename_regex=* content_regex_name=all', 'None of the secrets asked for was found (all, in all files)'],
  ['files.content_regex_match', 'File content analyzer found regexp match in container: file=/etc/motd regexp=GREETING=hello', 'Content that matches GREETING, in /etc/motd:3', { line: 3 }],
  ['files.name_match', 'Application of regex matched file found in container: file=/srv/key.pem regexp=.*\\.pem', 'The policy denies the file /srv/key.pem'],
  ['files.suid_or_guid_set', 'SUID or SGID found set on file /usr/bin/find. Mode: 0o104755', 'Set-user-ID is set on /usr/bin/find (mode 4755)'],
  ['files.suid_or_guid_set', 'SUID or SGID found set on file /var/mail. Mode: 0o42775', 'Set-group-ID is set on /var/mail (mode 2775)'],
  ['files.suid_or_guid_set', 'SUID or SGID found set on file /x. Mode: 0o106711', 'Set-user-ID and set-group-ID is set on /x (mode 6711)'],
  ['files.attribute_match', 'filename=/etc/shadow and mode=0o644 op=exceeds specified_mode_max=0o640', '/etc/shadow: mode 0644, more than 0640'],
  ['files.attribute_match', 'filename=/etc/passwd and checksum=aa op=not_equals specified_checksum=bb and mode=0o777 op=equals specified_mode=0o777', '/etc/passwd: the checksum is not the one that the policy names, mode 0777'],
  ['files.attribute_match', 'filename=/etc/passwd and skip_missing=False', '/etc/passwd is missing'],
  ['dockerfile.instruction', "Dockerfile directive 'HEALTHCHECK' not found, matching condition 'not_exists' check", 'No HEALTHCHECK is set'],
  ['dockerfile.instruction', "Dockerfile directive 'ENV' check 'like' matched against '(?i).*(password|token).*' for line 'NODE_ENV=production PAYMENT_API_KEY=***'", 'ENV PAYMENT_API_KEY=*** looks like a secret'],
  ['dockerfile.instruction', "Dockerfile directive 'RUN' check 'like' matched against '.*sudo.*' for line 'sudo   apt-get update'", 'RUN sudo apt-get update: the policy denies it'],
  ['dockerfile.instruction', "Dockerfile directive 'FROM' check 'not_in' matched against 'a,b' for line 'debian:12'", 'FROM debian:12: not as the policy wants it'],
  ['dockerfile.effective_user', 'User root found as effective user, which is explicity not allowed', 'The image runs as root'],
  ['dockerfile.effective_user', 'User nobody found as effective user, which is not on the allowed list', 'The image runs as nobody, which the policy does not list'],
  ['dockerfile.exposed_ports', 'Dockerfile exposes port (22/tcp) which is in policy file DENIEDPORTS list', 'Port 22/tcp is exposed, which the policy denies'],
  ['dockerfile.no_dockerfile_provided', 'Image was not analyzed with an actual Dockerfile', 'No Dockerfile was given'],
  ['packages.verify', "VERIFY check against package db for package 'openssl' failed on entry '/usr/bin/openssl' with status: 'changed'", '/usr/bin/openssl of the package openssl is changed'],
  ['packages.required_package', 'Required input package (openssl,1.0) is not present in container image', 'The package openssl 1.0 is required, and missing'],
  ['packages.required_package', 'Required min-version input package (a) is present (1.0), but is lower version than what is specified in policy (2.0)', 'The package a is 1.0, and required as 2.0 or newer'],
  ['packages.blacklist', 'Package is blacklisted: openssh-server', 'The package openssh-server is installed, which the policy denies'],
  ['licenses.blacklist_exact_match', 'LICFULLMATCH Packages are installed that have blacklisted licenses: readline(GPL-3.0)', 'readline is under the licence GPL-3.0, which the policy denies'],
  ['passwd_file.blacklist_usernames', "Blacklisted user found in image's /etc/passwd: pentry=games:x:5:60:games:/usr/games:/usr/sbin/nologin", 'The account games in /etc/passwd is one that the policy denies'],
  ['metadata.attribute', "Attribute check for attribute: 'size' check: '>' check_value: '100' matched image value: '300'", 'The image’s size is 300: more than 100'],
  ['malware.scans', 'Malware scan finding: scanner=clamav file=/x signature=Eicar-Test', 'Malware Eicar-Test in /x (clamav)'],
  ['malware.scan_not_run', 'No malware scans found for image', 'No malware scanner ran'],
  ['vulnerabilities.stale_feed_data', 'The vulnerability feed for this image distro is older than MAXAGE (7) days', 'The advisories are older than 7 days'],
  ['vulnerabilities.vulnerability_data_unavailable', 'Distro-specific feed data not found for distro namespace: debian:12. Cannot perform CVE scan OS/distro packages', 'There are no advisories for debian 12: its packages were not checked'],
  ['vulnerabilities.blacklist', "Blacklisted vulnerabilities detected: ['CVE-2021-44228', 'CVE-2']", 'The policy denies CVE-2021-44228, CVE-2'],
  ['always.always', 'Unconditional trigger match', 'A rule that always fires'],
  ['other.gate', 'A backend says something else', 'A backend says something else'],
])('%s: %s', (...[of, message, expected, location]) => expect(title(finding(of, message, location), maskSecrets)).toBe(expected));

test('a vulnerability is its id and its package', () => {
  expect(title(vulnerable('CVE-2021-44906', 'critical', 'minimist', '1.2.0', [], 3), maskSecrets)).toBe('CVE-2021-44906 in minimist 1.2.0');
});

test('a secret that a message holds is not shown', () => {
  const line = "Dockerfile directive 'RUN' check 'like' matched against 'x' for line 'curl --header PRIVATE-TOKEN=glpat-aBcDeFgHiJkLmNoPqRsT https://a.example'";
  expect(title(finding('dockerfile.instruction', line), maskSecrets)).not.toContain('aBcDeFgHiJkLmNoPqRsT');
});

test.each(HOSTILE)('%j in a message makes a short title', (text) => {
  for (const message of [text, `${SECRET}: file=${text} regexp=${text}=x`, `SUID or SGID found set on file ${text}. Mode: 0o104755`, `filename=${text} and mode=0o1 op=x specified_mode=0o2`]) {
    for (const gate of ['secret_scans', 'files', 'metadata']) expect(title(finding(gate, message), maskSecrets).length).toBeLessThanOrEqual(240);
  }
});
