import { describe, expect, test } from '@jest/globals';
import { InputError } from '../../../src/errors.js';
import { evaluate, explain } from '../../../src/evaluation/evaluate.js';
import { readExceptions } from '../../../src/evaluation/exceptions/readExceptions.js';
import { loadPolicies } from '../../../src/evaluation/policy/loadPolicies.js';
import { readBundle } from '../../../src/evaluation/policy/readBundle.js';
import { withTrustedRegistries } from '../../../src/evaluation/policy/trustedRegistries.js';
import { context } from '../judge.js';
import { image, withDockerfile } from '../scannedImage.js';

type Json = Record<string, unknown>;
const ALWAYS = { gate: 'always', trigger: 'always', action: 'STOP', params: [] };

function policy(id: string, action = 'STOP'): Json {
  return { id, version: '1_0', rules: [{ ...ALWAYS, id: `${id}-rule`, action }] };
}

function mapping(parts: Json = {}): Json {
  return { id: 'm', name: 'all', registry: '*', repository: '*', image: { type: 'tag', value: '*' }, policy_ids: ['a'], whitelist_ids: [], ...parts };
}

function bundle(parts: Json = {}): Json {
  return { id: 'b', version: '1_0', name: 'B', policies: [policy('a'), policy('w', 'warn')], whitelists: [], mappings: [mapping()], ...parts };
}

function judge(value: unknown, name = 'localbuild/shop:1.0', parts: Parameters<typeof image>[0] = {}): ReturnType<typeof evaluate> {
  return evaluate(image({ name, ...parts }), context({ bundles: [readBundle('b.json', JSON.stringify(value))] }));
}

describe('mappings', () => {
  test.each([
    [{}, 'localbuild/shop:1.0', true],
    [{ registry: 'docker.io' }, 'nginx', true],
    [{ repository: 'nginx' }, 'docker.io/library/nginx:1', true],
    [{ repository: 'library/nginx' }, 'nginx', false],
    [{ registry: 'docker.io' }, 'dockerhub/a/b:c', true],
    [{ registry: 'registry.example:5000' }, 'registry.example:5000/a/b:c', true],
    [{ registry: 'localbuild' }, 'localbuild/shop:1.0', true],
    [{ registry: 'local' }, 'localbuild/shop:1.0', false],
    [{ registry: 'local*' }, 'localbuild/shop:1.0', true],
    [{ repository: 'team-*/api' }, 'registry.example/team-a/api:1', true],
    [{ repository: 'team-*/api' }, 'registry.example/team-a/api2:1', false],
    [{ repository: 'regexp:team-[ab]/' }, 'registry.example/team-b/x:1', true],
    [{ image: { type: 'tag', value: '1.*' } }, 'shop:1.0', true],
    [{ image: { type: 'tag', value: '1.*' } }, 'shop:2.0', false],
    [{ image: { type: 'tag', value: 'latest' } }, 'shop', true],
    [{ image: { type: 'digest', value: `sha256:${'d'.repeat(64)}` } }, 'shop', true],
    [{ image: { type: 'digest', value: `sha256:${'e'.repeat(64)}` } }, 'shop', false],
    [{ image: { type: 'digest', value: 'D'.repeat(64) } }, 'shop', true],
    [{ image: { type: 'id', value: 'a'.repeat(64) } }, 'shop', true],
    [{ image: { type: 'id', value: `sha256:${'A'.repeat(64)}` } }, 'shop', true],
    [{ registry: 'docker.io' }, '', false],
    [{ registry: 'registry.example:5000', repository: 'a/b', image: { type: 'tag', value: '1' } }, `registry.example:5000/a/b:1@sha256:${'c'.repeat(64)}`, true],
    [{ repository: 'a/b' }, `registry.example:5000/a/b@sha256:${'c'.repeat(64)}`, true],
    [{ image: { type: 'tag', value: 'latest' } }, `registry.example:5000/a/b@sha256:${'c'.repeat(64)}`, false],
    [{ registry: 'localhost.localdomain' }, 'localhost.localdomain/a', true],
    [{ registry: 'localhost' }, 'localhost/a', true],
    [{ registry: 'docker.io', repository: 'a/b' }, 'a/b', true],
    [{ registry: 'regexp:docker' }, 'a/b', true],
    [{ registry: 'regexp:docker$' }, 'a/b', false],
    [{ image: { type: 'tag', value: 'regexp:v\\d+\\.' } }, 'a:v12.1', true],
    [{}, '', true],
  ])('%j on %s', (parts, name, matches) => {
    const evaluation = judge(bundle({ mappings: [mapping(parts)] }), name);
    expect(evaluation.verdict).toBe(matches ? 'stop' : 'go');
    expect(evaluation.problems).toHaveLength(matches ? 0 : 1);
  });

  test('the first that matches says what applies', () => {
    const value = bundle({ mappings: [mapping({ repository: 'other' }), mapping({ id: 'm2', policy_ids: ['w'] }), mapping()] });
    expect(judge(value)).toMatchObject({ verdict: 'warn', status: 'pass', policies: [{ id: 'w', verdict: 'warn', stops: 0, warnings: 1 }] });
  });

  test('several policies are all evaluated, and the gravest counts', () => {
    expect(judge(bundle({ mappings: [mapping({ policy_ids: ['w', 'a'] })] }))).toMatchObject({ verdict: 'stop', policies: [{ id: 'w' }, { id: 'a' }], counts: { stop: 1, warn: 1 } });
  });
});

test.each([
  [{ mappings: [mapping({ policy_ids: [] })] }, 'The mapping all of the bundle B (b.json) names no policy: nothing is asked of the image.'],
  [{ policies: [{ id: 'a', version: '1_0', rules: [] }] }, 'The policy a (b.json) has no rules: nothing is asked of the image.'],
])('what can find nothing is told: %j', (parts, notice) => {
  expect(judge(bundle(parts))).toMatchObject({ verdict: 'go', notices: [notice] });
});

describe('image lists', () => {
  const all = { id: 'x', name: 'everything', registry: '*', repository: '*', image: { type: 'tag', value: '*' } };
  test.each([
    [{ whitelisted_images: [all] }, 'go', 'allowed_image'],
    [{ blacklisted_images: [all], mappings: [mapping({ policy_ids: ['w'] })] }, 'stop', 'denied_image'],
    [{ whitelisted_images: [all], blacklisted_images: [all] }, 'stop', 'denied_image'],
    [{ allowlisted_images: [{ ...all, repository: 'other' }] }, 'stop', 'policy_evaluation'],
    [{ denylisted_images: [all] }, 'stop', 'denied_image'],
  ])('%#', (parts, verdict, reason) => {
    expect(judge(bundle(parts))).toMatchObject({ verdict, reason, findings: [{}] });
  });
});

describe('allow lists', () => {
  const list = (...items: Json[]): Json => bundle({ whitelists: [{ id: 'l', version: '1_0', name: 'List', items }], mappings: [mapping({ whitelist_ids: ['l'] })] });
  const item = (parts: Json = {}): Json => ({ id: 'i', gate: 'always', trigger_id: 'always', comment: 'known', ...parts });
  test.each([
    [item(), true],
    [item({ gate: 'ALWAYS' }), true],
    [item({ gate: 'files' }), false],
    [item({ trigger_id: 'al*s' }), true],
    [item({ trigger_id: 'regexp:al' }), true],
    [item({ trigger_id: 'al' }), false],
    [item({ expires_on: '2027-01-01T00:00:00Z' }), true],
    [item({ expires_on: '2026-01-01T00:00:00Z' }), false],
    [item({ expires_on: '2026-11-28T12:00:00Z' }), false],
    [item({ expires_on: '2026-11-28T12:00:01Z' }), true],
    [item({ expires_on: '2026-11-28T13:30:00+02:00' }), false],
    // UTC, whatever the machine's own zone is
    [item({ expires_on: '2026-11-28T12:00:01' }), true],
    [item({ expires_on: '2026-11-29' }), true],
    [item({ expires_on: '2026-11-28' }), false],
    [item({ expires_on: null }), true],
    [item({ trigger: 'something else' }), true],
  ])('%j', (one, allowed) => {
    const evaluation = judge(list(one));
    expect(evaluation).toMatchObject({ verdict: allowed ? 'go' : 'stop', counts: { suppressed: allowed ? 1 : 0, stop: allowed ? 0 : 1 } });
    expect(evaluation.findings[0]?.suppressed?.by).toBe(allowed ? 'allow list' : undefined);
  });

  test('an expired item is told', () => {
    expect(judge(list(item({ expires_on: '2026-01-01T00:00:00Z' }))).problems).toEqual([{ message: 'Item i of the allow list List expired on 2026-01-01T00:00:00Z: 1 finding counts again.' }]);
  });

  test('the first item that holds sticks', () => {
    const { findings } = judge(list(item({ id: 'old', expires_on: '2026-01-01T00:00:00Z' }), item({ id: 'wild', trigger_id: '*', comment: '' }), item()));
    expect(findings[0]?.suppressed).toEqual({ by: 'allow list', id: 'wild', reason: 'List' });
  });
});

describe('forms of a file', () => {
  const rules = [{ ...ALWAYS, id: 'r' }];
  test.each([
    ['a bundle', JSON.stringify(bundle()), 'a'],
    ['a single policy', JSON.stringify(policy('one')), 'one'],
    ['a policy without id', JSON.stringify({ rules }), 'p'],
    ['a list of policies', JSON.stringify([policy('one'), policy('two')]), 'one'],
    ['policies without mappings', JSON.stringify({ policies: [policy('one')] }), 'one'],
    ["Anchore's API", JSON.stringify({ policyId: 'b', policybundle: bundle() }), 'a'],
    ['the other vocabulary', JSON.stringify({ id: 'b', version: '2', rule_sets: [policy('a')], allowlists: [], mappings: [{ ...mapping(), policy_ids: undefined, rule_set_ids: ['a'], whitelist_ids: undefined, allowlist_ids: [] }] }), 'a'],
    ['JSON with comments', `// mine\n/* {} */ {"id": "one", "rules": [ // "x"\n {"gate": "always", "trigger": "always", "action": "stop", "comment": "// no comment"} ]}`, 'one'],
    ['YAML', '# mine\nid: one\nrules:\n  - gate: always # yes\n    trigger: always\n    action: stop\n', 'one'],
    ['a byte order mark and Windows lines', `\uFEFF${JSON.stringify(policy('one'), null, 2).replaceAll('\n', '\r\n')}`, 'one'],
    ['YAML with a byte order mark and Windows lines', '\uFEFFid: one\r\nrules:\r\n  - gate: always\r\n    trigger: always\r\n    action: GO\r\n', 'one'],
    ['YAML with a number for an id', 'id: 7\nrules:\n  - {id: 1, gate: always, trigger: always, action: stop}\n', '7'],
    ['both vocabularies in one file', JSON.stringify({ id: 'b', version: '1_0', policies: [policy('a')], allowlists: [{ id: 'l', items: [] }], mappings: [{ ...mapping({ whitelist_ids: undefined }), allowlist_ids: ['l'] }], denylisted_images: [], whitelisted_images: [] }), 'a'],
    ['names in whatever case', JSON.stringify({ id: 'one', rules: [{ gate: 'FILES', trigger: 'Attribute_Match', action: 'sToP', params: [{ name: 'FILENAME', value: '/none' }, { name: 'Skip_Missing', value: 'False' }] }] }), 'one'],
    ['YAML with numbers', 'id: one\nrules:\n  - gate: vulnerabilities\n    trigger: stale_feed_data\n    action: Warn\n    params:\n      - {name: max_days_since_sync, value: 0}\n', 'one'],
  ])('%s', (_, text, id) => {
    const evaluation = evaluate(image(), context({ bundles: [readBundle('dir/p.json', text)] }));
    expect(evaluation.policies[0]?.id).toBe(id);
    expect(evaluation.findings).not.toEqual([]);
  });

  test('rules without id get one from their place', () => {
    expect(judge({ id: 'one', rules: [ALWAYS, ALWAYS].map(({ ...rule }) => rule) }).findings.map(({ rule }) => rule)).toEqual(['one.1', 'one.2']);
  });
});

describe('what cannot be understood is an error, with the line and what is allowed', () => {
  const oneRule = (rule: string): string => `{\n "id": "p",\n "rules": [\n  ${rule}\n ]\n}`;
  test.each([
    ['{"id": "p", "rules": [', /^f\.json, line 1: this is neither JSON nor YAML/],
    ['a: [b\nc: d', /^f\.json, line \d: this is neither/],
    ['"text"', /neither a bundle nor a policy/],
    ['{"id": "p"}', /neither a bundle .* nor a policy/],
    ['[]', /the list of policies is empty/],
    ['{"id": "p", "id": "q", "rules": []}', /line 1: .*unique/i],
    ['{"id": "p", "version": "3", "rules": []}', /line 1: the version is not supported; allowed: 1_0, 2/],
    [oneRule('{"gate": "filez", "trigger": "x", "action": "stop"}'), /^f\.json, line 4: rule "p\.1": there is no gate "filez" \(did you mean "files"\?\); allowed: always, dockerfile, /],
    [oneRule('{"id": "mine", "gate": "files", "trigger": "x", "action": "stop"}'), /^f\.json, line 4: rule "mine": the gate files has no trigger "x"; allowed: content_regex_match, /],
    [oneRule('{"gate": "always", "trigger": "always", "action": "fail"}'), /line 4: rule "p\.1": "fail" is no action; allowed: STOP, WARN, GO/],
    [oneRule('{"gate": "always", "trigger": "always"}'), /line 4: rule "p\.1": action is missing/],
    [oneRule('{"gate": "always", "trigger": "always", "action": "stop", "parms": []}'), /the key "parms" \(did you mean "params"\?\), which is not known; allowed: id, gate, /],
    [oneRule('{"gate": "always", "trigger": "always", "action": "stop", "params": [\n{"name": "x", "value": "1"}]}'), /line 5: rule "p\.1": always\.always: the parameter "x" is not known; allowed: none/],
    [oneRule('{"gate": "files", "trigger": "name_match", "action": "stop"}'), /files\.name_match: the parameter "regex" is missing/],
    [oneRule('{"gate": "files", "trigger": "name_match", "action": "stop", "params": [{"name": "regex", "value": "*.pem"}]}'), /the parameter "regex" cannot be read: "\*\.pem" is no regular expression: there is nothing to repeat/],
    [oneRule('{"gate": "dockerfile", "trigger": "instruction", "action": "stop", "params": [{"name": "instruction", "value": "run"}, {"name": "check", "value": "exists"}]}'), /"run" is none of ADD, ARG, /],
    [oneRule('{"gate": "dockerfile", "trigger": "instruction", "action": "stop", "params": [{"name": "instruction", "value": "RUN"}, {"name": "check", "value": "like"}, {"name": "value", "value": "("}]}'), /"value" is no regular expression: a \( is not closed/],
    [oneRule('{"gate": "metadata", "trigger": "attribute", "action": "stop", "params": [{"name": "attribute", "value": "size"}, {"name": "check", "value": ">"}, {"name": "value", "value": "big"}]}'), /no size such as/],
    [oneRule('{"gate": "vulnerabilities", "trigger": "package", "action": "stop", "params": [{"name": "package_type", "value": "all"}, {"name": "fix_available", "value": "yes"}]}'), /"yes" is neither true nor false/],
    [oneRule('{"gate": "vulnerabilities", "trigger": "package", "action": "stop", "params": [{"name": "package_type", "value": "all"}, {"name": "PACKAGE_TYPE", "value": "os"}]}'), /"package_type" is given twice/],
    [oneRule('{"gate": "files", "trigger": "exposed_ports", "action": "stop"}'), /has no trigger "exposed_ports" \(it is a trigger of dockerfile\); allowed: /],
    [oneRule('{"gate": "files", "trigger": "name_match", "action": "stop", "params": [{"name": "regx", "value": "a"}]}'), /line 4: .*the parameter "regx" is not known \(did you mean "regex"\?\); allowed: regex/],
    [oneRule('{"gate": "files", "trigger": "name_match", "action": "stop", "params": [\n{"name": "regex", "value": ["a", "b"]}]}'), /line 5: .*its value is a list: write the items as one text, with commas/],
    [oneRule('{"gate": "files", "trigger": "name_match", "action": "stop", "params": {"regex": "a"}}'), /params has to be a list/],
    [oneRule('{"gate": 5, "trigger": "name_match", "action": "stop"}'), /gate has to be a text/],
    [oneRule('{"gate": "dockerfile", "trigger": "effective_user", "action": "stop", "params": [{"name": "users", "value": ""}, {"name": "type", "value": "blacklist"}]}'), /the parameter "users" cannot be read: the list is empty/],
    [oneRule('{"gate": "licenses", "trigger": "blacklist_partial_match", "action": "stop", "params": [{"name": "licenses", "value": "GPL,"}]}'), /"GPL," has an empty item: write a,b/],
    [oneRule('{"gate": "dockerfile", "trigger": "exposed_ports", "action": "stop", "params": [{"name": "ports", "value": "22,ssh"}, {"name": "type", "value": "blacklist"}]}'), /"ssh" is no integer/],
    ['{"policies": "none"}', /an id is missing/],
    [JSON.stringify(bundle({ whitelists: [{ id: 'l', version: '1_0', name: 'L', items: [{ gate: 'always', trigger_id: '*', expires_on: 'tomorrow' }] }], mappings: [mapping({ whitelist_ids: ['l'] })] })), /"tomorrow" is no date such as/],
    [JSON.stringify(bundle({ whitelists: [{ id: 'l', version: '2_0', name: 'L', items: [] }], mappings: [mapping({ whitelist_ids: ['l'] })] })), /the version is not supported/],
    [JSON.stringify(bundle({ mappings: [mapping({ policy_ids: ['aa'] })] })), /there is no policy "aa" \(did you mean "a"\?\); there are: a, w/],
    [JSON.stringify(bundle({ mappings: [mapping({ policy_ids: ['none'] })] })), /there is no policy "none"; there are: a, w/],
    [JSON.stringify(bundle({ mappings: [mapping({ whitelist_ids: ['none'] })] })), /there is no allow list "none"; there are: none/],
    [JSON.stringify(bundle({ mappings: [mapping({ policy_id: 'a' })] })), /either policy_id or policy_ids/],
    [JSON.stringify(bundle({ policies: [policy('a'), policy('a')] })), /the policy id "a" is there twice/],
    [JSON.stringify(bundle({ rule_sets: [] })), /"rule_sets" and "policies" mean the same/],
    [JSON.stringify(bundle({ mappings: [mapping({ image: { type: 'name', value: '*' } })] })), /image\.type has to be one of tag, digest, id/],
    [JSON.stringify(bundle({ mappings: [mapping({ image: { type: 'digest', value: 'sha256:abc' } })] })), /"sha256:abc" is no digest of an image, such as sha256: and 64 hex digits/],
    [JSON.stringify(bundle({ blacklisted_images: [{ id: 'x', name: 'x', registry: '*', repository: '*', image: { type: 'id', value: '' } }] })), /"" is no id of an image/],
    [JSON.stringify(bundle({ mappings: [mapping({ registry: 'regexp:(' })] })), /registry "regexp:\(": a \( is not closed/],
  ])('%#', (text, message) => {
    expect(() => readBundle('f.json', text)).toThrow(InputError);
    expect(() => readBundle('f.json', text)).toThrow(message);
  });

  test('a policy that no mapping names is not looked at', () => {
    expect(() => readBundle('f.json', JSON.stringify(bundle({ policies: [policy('a'), { id: 'other' }, { id: 'other' }] })))).not.toThrow();
    expect(() => readBundle('f.json', JSON.stringify(bundle({ policies: [policy('a'), { id: 'broken' }] })))).not.toThrow();
  });

  test('null is not given, and the empty string is', () => {
    const rule = (value: unknown): string => JSON.stringify({ rules: [{ gate: 'files', trigger: 'attribute_match', action: 'stop', params: [{ name: 'filename', value: '/a' }, { name: 'mode', value }] }] });
    expect(() => readBundle('f.json', rule(null))).not.toThrow();
    expect(() => readBundle('f.json', rule(''))).toThrow(/octal/);
  });

  test('aliases without end are refused', () => {
    const bomb = `a: &a [x]\n${[...'bcdefghi'].map((letter, index) => `${letter}: &${letter} [${`*${'abcdefgh'[index]},`.repeat(9)}]`).join('\n')}\nrules: *i\n`;
    expect(() => readBundle('f.yaml', bomb)).toThrow(/anchors/);
  });
});

describe('gates that have ended', () => {
  test.each([
    ['anchoresec', 'write the rule for the gate vulnerabilities'], ['pkgdiff', 'nothing took its place'],
  ])('%s is told, and not evaluated', (gate, why) => {
    const { findings, notEvaluated, problems } = judge({ id: 'p', rules: [{ gate, trigger: 'x', action: 'stop', params: [] }] });
    expect(findings).toEqual([]);
    expect(notEvaluated[0]?.why).toContain(why);
    expect(problems[0]?.message).toContain(why);
  });
});

describe('loadPolicies', () => {
  test('built-in names, files, and what is neither', async () => {
    const readFile = (path: string): string | undefined => (path === 'mine.json' ? JSON.stringify(policy('mine')) : undefined);
    expect((await loadPolicies(['default', ' mine.json ', 'default'], readFile)).map(({ id }) => id)).toEqual(['default', 'mine']);
    await expect(loadPolicies(['defaults'], readFile)).rejects.toThrow(/no policy "defaults" \(did you mean "default"\?\).*default, dockerfile-best-practices, nist-800-190, pci/);
    await expect(loadPolicies([], readFile)).rejects.toThrow(InputError);
  });
});

test('trusted registries', async () => {
  const bundles = await loadPolicies(['nist-800-190'], () => undefined);
  const scanned = withDockerfile('FROM evil.example/x:1');
  const rule = 'nist-800-190.23';
  const run = (regex: string): ReturnType<typeof evaluate> => evaluate(scanned, context({ bundles: withTrustedRegistries(bundles, regex) }));
  expect(run('').notEvaluated.map((one) => one.rule)).toContain(rule);
  expect(run('good\\.example/').findings.map((one) => one.rule)).toContain(rule);
  expect(run('evil\\.example/').findings.map((one) => one.rule)).not.toContain(rule);
  expect(() => run('(')).toThrow(/trusted-registries is no regular expression/);
});

test('a pattern that cannot be decided stops the policy, and is told', () => {
  const value = { id: 'p', rules: [{ gate: 'dockerfile', trigger: 'instruction', action: 'warn', params: [
    { name: 'instruction', value: 'RUN' }, { name: 'check', value: 'like' }, { name: 'value', value: '(?!x)(a+)+$' },
  ] }] };
  const evaluation = evaluate(withDockerfile(`FROM a:1\nRUN ${'a'.repeat(60)}!`), context({ bundles: [readBundle('p.json', JSON.stringify(value))] }));
  expect(evaluation).toMatchObject({ verdict: 'stop', status: 'fail', notEvaluated: [{ rule: 'p.1' }], policies: [{ verdict: 'stop' }] });
  expect(evaluation.problems[0]?.message).toMatch(/could not be decided/);
});

test('explains which exceptions applied', () => {
  const exceptions = readExceptions('e.yaml', 'exceptions:\n  - {gate: always, reason: known, expires: 2027-01-31}\n  - {id: CVE-1, reason: x, expires: 2027-01-31}\n');
  const { lines } = explain(image(), context({ bundles: [readBundle('b.json', JSON.stringify(policy('one')))], exceptions }));
  expect(lines.slice(-2)).toEqual(['Exception 1 (until 2027-01-31) accepted 1 finding: known', 'Verdict: go (policy evaluation)']);
});

test('what is nested too deeply is told', () => {
  expect(() => readBundle('f.json', `{"id": "x", "rules": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`)).toThrow(/nested too deeply/);
});

test('explains what applied, and why', () => {
  const value = bundle({ whitelists: [{ id: 'l', version: '1_0', name: 'List', items: [{ id: 'i', gate: 'always', trigger_id: 'always' }] }], mappings: [mapping({ repository: 'other' }), mapping({ policy_ids: ['w', 'a'], whitelist_ids: ['l'] })] });
  expect(explain(image(), context({ bundles: [readBundle('b.json', JSON.stringify(value))] })).lines).toEqual([
    'Bundle B (b.json)',
    '  mapping all (*/*:*) matches localbuild/shop:1.0',
    '  allow lists: List (1 items)',
    '  policy w: go',
    '    w-rule warn always.always: fired 1 time, 1 allowed by an allow list',
    '  policy a: go',
    '    a-rule stop always.always: fired 1 time, 1 allowed by an allow list',
    'Verdict: go (policy evaluation)',
  ]);
});
