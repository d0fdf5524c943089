import { describe, expect, test } from '@jest/globals';
import { parseAnalyzerConfig, readAnalyzerConfig } from '../../../src/analyzers/config/read.js';
import { InputError } from '../../../src/errors.js';
import { fixture } from '../../golden.js';

function parse(text: string): unknown {
  return parseAnalyzerConfig(text, 'a.yaml');
}

test('Anchore’s own file is understood: its five patterns are built in, malware is off', () => {
  expect(readAnalyzerConfig(fixture('config/anchore.yaml'))).toEqual({
    retrieveFiles: { files: ['/etc/passwd', '/etc/services'], maxFileBytes: 1_024_000 },
    secretSearch: { disabled: [], maxTextBytes: 5 * 1024 * 1024, patterns: [], maxFileBytes: 10_000 },
  });
});

describe('what may be said', () => {
  test.each([
    ['', {}],
    ['secret_search:\ncontent_search: null\n', {}],
    ['secret_search: {disable: [JWT, KEYSTORE], max_file_size_kb: 1}', { secretSearch: { disabled: ['JWT', 'KEYSTORE'], maxTextBytes: 1024, patterns: [], maxFileBytes: 5242880 } }],
    ['content_search: {regexp_match: ["EVAL=.*eval"], match_params: [MAXFILESIZE=500]}', { contentSearch: { patterns: [{ pattern: 'EVAL=.*eval' }], maxFileBytes: 500 } }],
    ['malware: {clamd: /run/clamd.ctl}', { malware: { scanner: { kind: 'clamd', address: { path: '/run/clamd.ctl' } }, signatures: '' } }],
    ['malware: {clamd: "tcp://[::1]:3310"}', { malware: { scanner: { kind: 'clamd', address: { host: '::1', port: 3310 } }, signatures: '' } }],
    ['malware: {clamscan: true}', { malware: { scanner: { kind: 'clamscan', program: 'clamscan', database: '' }, signatures: '' } }],
    ['malware: {clamscan: /opt/clamscan, database: /var/lib/signatures}', { malware: { scanner: { kind: 'clamscan', program: '/opt/clamscan', database: '/var/lib/signatures' }, signatures: '' } }],
    ['malware: {clamscan: false}', {}],
    ['malware: {clamav: {enabled: false, db_update_enabled: true}}', {}],
  ])('%j', (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });
});

describe('what is wrong is told with its line', () => {
  test.each([
    ['secret_search:\n  regexp_matches: []\n', /^a\.yaml:2: secret_search\.regexp_matches is not known here\./],
    ['\n\nfoo: 1\n', /^a\.yaml:3: foo is not known here/],
    ['secret_search:\n  disable:\n    - JWT\n    - JWTS\n', /^a\.yaml:4: secret_search\.disable\.1 is no built-in kind of secret/],
    ['content_search:\n  regexp_match:\n    - ok\n    - "X=(a)\\\\1"\n', /^a\.yaml:4: The pattern "\(a\)\\\\1" uses \\1/],
    ['retrieve_files:\n  file_list: [etc/passwd]\n', /^a\.yaml:2: retrieve_files\.file_list\.0 is no absolute path/],
    ['retrieve_files:\n  max_file_size_kb: -1\n', /^a\.yaml:2: retrieve_files\.max_file_size_kb is wrong/],
    ['secret_search:\n  match_params: [STOREONMATCH=y]\n', /^a\.yaml:2: .*never stored/],
    ['malware:\n  clamd: /run/ctl\n  clamscan: true\n', /^a\.yaml:3: malware names two scanners/],
    ['malware:\n  clamd: /run/ctl\n  database: /x\n', /^a\.yaml:3: malware\.database is for clamscan/],
    ['malware:\n  clamscan: 3\n', /^a\.yaml:2: malware\.clamscan is neither true nor a program/],
    ['malware:\n  clamav: {enabled: true}\n', /^a\.yaml:2: .*Say where clamd listens/],
    ['malware: {clamd: "nowhere"}', /^a\.yaml:1: "nowhere" is no place/],
    ['a: [1', /^a\.yaml:1: /],
    ['a: 1\na: 2', /^a\.yaml:2: Map keys must be unique/],
    ['- 1', /^a\.yaml:1: .*expected object/],
    ['__proto__: {x: 1}', /__proto__ is not known here/],
    [`a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n`, /aliases/],
  ])('%j', (text, message) => {
    expect(() => parse(text)).toThrow(InputError);
    expect(() => parse(text)).toThrow(message);
  });

  test('a file that is not there', () => {
    expect(() => readAnalyzerConfig('/nowhere/a.yaml')).toThrow(/^\/nowhere\/a\.yaml cannot be read/);
  });
});
