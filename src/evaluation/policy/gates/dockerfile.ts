import { redact } from '../../../text/redact.js';
import { fires, gate, notEvaluated, trigger, type Firing, type Outcome, type Scan } from '../gate.js';
import { BOOLEAN, defaulted, INTEGERS, LIST, LIST_TYPE, oneOf, optional, required, STRING } from '../parameter.js';
import { cachedPattern } from '../regex.js';
import { dockerfileLines, type DockerfileLine, type DockerfileLines } from './dockerfileLines.js';
import { exposedPorts, isCovered, type ExposedPort } from './exposedPorts.js';

interface Prepared extends DockerfileLines {
  readonly scan: Scan;
  readonly ports: readonly ExposedPort[];
}

const INSTRUCTIONS = [
  'ADD', 'ARG', 'COPY', 'CMD', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'FROM', 'HEALTHCHECK', 'LABEL', 'MAINTAINER', 'ONBUILD', 'USER', 'RUN', 'SHELL',
  'STOPSIGNAL', 'VOLUME', 'WORKDIR',
] as const;
const CHECKS = ['=', '!=', 'exists', 'not_exists', 'like', 'not_like', 'in', 'not_in'] as const;
type Check = (typeof CHECKS)[number];

const ACTUAL_ONLY = defaulted(BOOLEAN, 'false', { description: 'With true, looks at a Dockerfile alone, and not at the history that stands in for it.', example: 'true' });
const NO_DOCKERFILE = 'the rule asks for the Dockerfile, and none was given';

const instruction = trigger({
  name: 'instruction',
  description: "Fires for each instruction of a kind whose arguments pass a check. A check that needs something to be there never fires where the instruction is missing.",
  parameters: {
    instruction: required(oneOf(INSTRUCTIONS), { description: 'The instruction.', example: 'RUN' }),
    check: required(oneOf(CHECKS), { description: 'How to check its arguments: like is a regular expression, matched from the start; in is a member of a comma-separated list.', example: 'like' }),
    value: optional(STRING, { description: 'What to compare with.', example: '.*sudo.*' }),
    actual_dockerfile_only: ACTUAL_ONLY,
  },
  deviations: [
    'The Dockerfile is read by a real parser: heredocs, the escape directive, and of several stages only those that lead to the image. `FROM build` of an earlier stage is no image.',
    'BuildKit\'s history is understood; `RUN` lines are without the shell, build arguments and the `# buildkit` mark.',
    'RUN is looked at as written and as the command that it comes to: without flags, the JSON form as words, the lines of a heredoc script beside each other.',
    'ARG and ENV are substituted where the values are known: the check may hold for the line as written or as substituted; negative checks look at the substituted one.',
    'HEALTHCHECK exists where the configuration of the image has one, which may come from its base; HEALTHCHECK NONE is none.',
    'Variables of the configuration that no line sets (a base image\'s), and build arguments that history kept, are looked at too by =, like and in.',
    'FROM is reported as not evaluated without a Dockerfile: history has none, and Anchore\'s guess is always scratch.',
    'Values that look like secrets are shown as *** in the message; the id is that of the whole message.',
  ],
  check: ({ check, value }) => (check === 'like' || check === 'not_like') && value !== undefined ? notAPattern(value) : undefined,
  evaluate: (prepared: Prepared, values, { scan }) => {
    const { instruction: keyword, check, value } = values;
    if (values.actual_dockerfile_only && !prepared.actual) return notEvaluated(NO_DOCKERFILE);
    if (check !== 'exists' && check !== 'not_exists' && value === undefined) return notEvaluated(`the check ${check} needs a value, and the rule gives none`);
    if (keyword === 'HEALTHCHECK' && (check === 'exists' || check === 'not_exists')) return healthcheck(prepared, check, value ?? '');
    if (prepared.unreadable !== undefined) return notEvaluated(prepared.unreadable);
    if (keyword === 'FROM' && !prepared.actual) return notEvaluated('history does not say what the image was built FROM: give the Dockerfile');
    const lines = prepared.lines.filter((line) => line.keyword === keyword);
    if (check === 'not_exists') return missing(prepared, keyword, lines.some(({ implied }) => !implied));
    return fires(passing(lines, check, value ?? '', scan).map(({ line, text }) => describe(line, check, value ?? '', text)));
  },
});

function notAPattern(value: string): string | undefined {
  try {
    cachedPattern(value);
    return undefined;
  } catch (error) {
    return `the parameter "value" is no regular expression: ${(error as Error).message}`;
  }
}

function healthcheck(prepared: Prepared, check: 'exists' | 'not_exists', value: string): Outcome {
  const written = prepared.lines.filter((line) => line.keyword === 'HEALTHCHECK' && line.text.trim().toUpperCase() !== 'NONE');
  const { config } = prepared.scan.image;
  if (config === null && prepared.unreadable !== undefined) return notEvaluated(prepared.unreadable);
  const test = config?.healthcheck?.test ?? [];
  const exists = config === null ? written.length > 0 : test.length > 0 && test[0] !== 'NONE';
  if (check === 'not_exists') return missing(prepared, 'HEALTHCHECK', exists);
  if (!exists) return fires([]);
  const line = written.at(-1) ?? { keyword: 'HEALTHCHECK', text: test.join(' '), resolved: '', location: {}, implied: true };
  return fires([describe(line, check, value, line.text)]);
}

function missing(prepared: Prepared, keyword: string, exists: boolean): Outcome {
  if (exists) return fires([]);
  return fires([{ message: `Dockerfile directive '${keyword}' not found, matching condition 'not_exists' check`, location: prepared.start }]);
}

/** The lines that pass, each with the text that does. */
function passing(lines: readonly DockerfileLine[], check: Check, value: string, scan: Scan): readonly { readonly line: DockerfileLine; readonly text: string }[] {
  const written = lines.filter(({ implied }) => !implied);
  switch (check) {
    case '=': return either(lines, (texts) => texts.map((text) => text === value));
    case 'in': return either(lines, (texts) => texts.map((text) => members(value).includes(text)));
    case 'like': return either(lines, like(value, scan));
    case '!=': return neither(written, (texts) => texts.map((text) => text === value));
    case 'not_in': return neither(written, (texts) => texts.map((text) => members(value).includes(text)));
    case 'not_like': return neither(written, like(value, scan));
    case 'exists': return written.map((line) => ({ line, text: line.text }));
    case 'not_exists': return [];
  }
}

type Test = (texts: readonly string[]) => readonly boolean[];

/** As written, or else as substituted. FROM means what is substituted: `FROM $BASE` is no image yet. */
function either(lines: readonly DockerfileLine[], test: Test): readonly { readonly line: DockerfileLine; readonly text: string }[] {
  const written = lines.map(({ text, resolved, keyword }) => (keyword === 'FROM' ? resolved : text));
  const answers = test([...written, ...lines.map(({ resolved }) => resolved)]);
  const asWritten = answers.slice(0, lines.length);
  const asResolved = answers.slice(lines.length);
  return lines.flatMap((line, index) => {
    if (asWritten[index]) return [{ line, text: line.keyword === 'FROM' ? line.resolved : line.text }];
    return asResolved[index] ? [{ line, text: line.resolved }] : [];
  });
}

/** What is substituted alone counts; of RUN, as written and what it comes to are both the command. */
function neither(lines: readonly DockerfileLine[], test: Test): readonly { readonly line: DockerfileLine; readonly text: string }[] {
  const answers = test(lines.map(({ resolved }) => resolved));
  const written = test(lines.map(({ keyword, text, resolved }) => (keyword === 'RUN' ? text : resolved)));
  return lines.filter((_, index) => !answers[index] && !written[index]).map((line) => ({ line, text: line.keyword === 'FROM' ? line.resolved : line.text }));
}

function like(value: string, scan: Scan): Test {
  const pattern = cachedPattern(value);
  return (texts) => pattern.test(texts, scan.budget);
}

function members(value: string): readonly string[] {
  return value.split(',').map((item) => item.trim());
}

function describe({ keyword, location }: DockerfileLine, check: Check, value: string, text: string): Firing {
  const say = (line: string): string => `Dockerfile directive '${keyword}' check '${check}' matched against '${value}' for line '${line}'`;
  const hidden = redact(`${keyword} ${text}`).slice(keyword.length + 1);
  return { message: say(text), ...(hidden === text ? {} : { shown: say(hidden) }), location };
}

const effectiveUser = trigger({
  name: 'effective_user',
  description: 'Fires if the user that the image runs as is on a list (blacklist), or is not (whitelist).',
  parameters: {
    users: required(LIST, { description: 'Names or ids of users.', example: 'root,docker' }),
    type: required(LIST_TYPE, { description: 'How to take the list.', example: 'blacklist' }),
    actual_dockerfile_only: ACTUAL_ONLY,
  },
  deviations: [
    'The user is that of the configuration of the image, which a base image may have set; Anchore takes the last USER line of whatever text it has.',
    'A group after a colon is left out, and root, 0 and no user at all are one.',
  ],
  evaluate: (prepared: Prepared, { users, type, actual_dockerfile_only: actualOnly }) => {
    if (actualOnly && !prepared.actual) return notEvaluated(NO_DOCKERFILE);
    const { config } = prepared.scan.image;
    if (config === null && prepared.unreadable !== undefined) return notEvaluated(prepared.unreadable);
    const line = prepared.lines.findLast(({ keyword }) => keyword === 'USER');
    const written = (config?.user ?? line?.resolved ?? '').trim().replace(/^\[|\]$/g, '');
    const user = (written.split(':')[0] as string) || 'root';
    const listed = users.some((one) => sameUser(one, user));
    if (listed !== (type === 'blacklist')) return fires([]);
    const reason = type === 'blacklist' ? 'which is explicity not allowed' : 'which is not on the allowed list';
    return fires([{ message: `User ${user} found as effective user, ${reason}`, location: line?.location ?? prepared.start }]);
  },
});

/** The runtime reads ids as numbers: 00 and +0 are root as well. */
function sameUser(left: string, right: string): boolean {
  const name = (user: string): string => (user === '' || /^[+-]?0+$/.test(user) ? 'root' : user.replace(/^\+?0*(?=[1-9]\d*$)/, ''));
  return name(left.split(':')[0] as string) === name(right);
}

const exposedPortsTrigger = trigger({
  name: 'exposed_ports',
  description: 'Fires for each port of the list that the image exposes (blacklist), or for each that it exposes and the list has not (whitelist).',
  parameters: {
    ports: required(INTEGERS, { description: 'Port numbers.', example: '22,8080' }),
    type: required(LIST_TYPE, { description: 'How to take the list.', example: 'blacklist' }),
    actual_dockerfile_only: ACTUAL_ONLY,
  },
  deviations: [
    'The ports are those of the configuration of the image, a base image\'s among them. Ranges are taken apart and variables substituted; a port is written in the message as the EXPOSE line has it.',
  ],
  evaluate: (prepared: Prepared, { ports, type, actual_dockerfile_only: actualOnly }) => {
    if (actualOnly && !prepared.actual) return notEvaluated(NO_DOCKERFILE);
    if (prepared.scan.image.config === null && prepared.unreadable !== undefined) return notEvaluated(prepared.unreadable);
    const found = type === 'blacklist'
      ? ports.flatMap((port) => prepared.ports.find((exposed) => exposed.port === port) ?? [])
      : prepared.ports.filter((exposed) => !isCovered(exposed, ports));
    const list = type === 'blacklist' ? 'which is in policy file DENIEDPORTS list' : 'which is not in policy file ALLOWEDPORTS list';
    return fires(found.map(({ written, location }) => ({ message: `Dockerfile exposes port (${written}) ${list}`, location })));
  },
});

const noDockerfileProvided = trigger({
  name: 'no_dockerfile_provided',
  description: 'Fires if the Dockerfile was not given.',
  parameters: {},
  evaluate: ({ scan }: Prepared) => fires(
    scan.image.dockerfile.mode === 'Actual' ? [] : [{ message: 'Image was not analyzed with an actual Dockerfile' }],
  ),
});

export const dockerfile = gate<Prepared>({
  name: 'dockerfile',
  description: 'The Dockerfile where it was given, else the history of the image; and the configuration of the image where that is the truth: user, ports, health check, environment.',
  prepare: (scan) => {
    const read = dockerfileLines(scan);
    return { ...read, scan, ports: exposedPorts(scan.image.config?.exposedPorts, read) };
  },
  triggers: [instruction, effectiveUser, exposedPortsTrigger, noDockerfileProvided],
});
