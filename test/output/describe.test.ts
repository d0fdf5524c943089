import { expect, test } from '@jest/globals';
import type { Finding } from '../../src/evaluation/evaluation.js';
import { bytes, count, instructionOf, messageOf, shorten } from '../../src/output/describe.js';

const plain = (text: string): string => text;

test.each([
  [`/bin/sh -c #(nop) COPY file:${'c3308d65'.repeat(8)} in /root/.ssh/id_rsa `, 'COPY file:c3308d65… in /root/.ssh/id_rsa'],
  [`/bin/sh -c #(nop) ADD --chown=1:1multi:${'0123abcd'.repeat(8)} in / `, 'ADD --chown=1:1 multi:0123abcd… in /'],
  ['RUN /bin/sh -c apt-get update  && apt-get upgrade # buildkit', 'RUN apt-get update && apt-get upgrade'],
])('%s', (createdBy, instruction) => expect(instructionOf(createdBy, plain)).toBe(instruction));

test.each([[0, '0 B'], [999, '999 B'], [1_000, '1.0 kB'], [999_950, '1.0 MB'], [325_201_200, '325.2 MB']])('%i bytes', (number, text) => expect(bytes(number)).toBe(text));

test('counts and cuts', () => {
  expect([count(1, 'finding'), count(1_200, 'finding'), count(2, 'vulnerability', 'vulnerabilities')]).toEqual(['1 finding', '1,200 findings', '2 vulnerabilities']);
  expect(shorten('a😀b', 3)).toBe('a…');
});

test.each([
  ['Secret content search analyzer found regexp match in container: file=/a regexp=PASSWORD=x', 'Secret content search analyzer found regexp match in container: file=/a regexp=MASKED=x'],
  ['Secret search analyzer found regexp match in container: file=/a', 'Secret search analyzer found regexp match in container: file=/a'],
  ['PASSWORD is in ENV', 'MASKED is in ENV'],
])('the words of a gate are not masked: %s', (message, said) => {
  expect(messageOf({ message } as Finding, (text) => text.replace(/PASSWORD|Secret (?:content|search)/g, 'MASKED'))).toBe(said);
});
