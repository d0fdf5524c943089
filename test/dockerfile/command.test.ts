import { expect, test } from '@jest/globals';
import { commandOf } from '../../src/dockerfile/command.js';

test.each([
  ['apt-get update', 'apt-get update'],
  ['--mount=type=cache,target=/var/cache/apt --network=none apt-get update', 'apt-get update'],
  ['["apt-get", "update"]', 'apt-get update'],
  ['<<EOF\nset -e\n# why\n\n  apt-get update\napt-get install -y \\\n  curl\nEOF', 'set -e; apt-get update; apt-get install -y    curl'],
  ['--mount=type=secret,id=a <<-"END"\n\tsudo x\n\tEND', 'sudo x'],
  ['<<EOF\n#!/bin/bash -e\na\nEOF', 'a'],
  // read by other programs
  ['<<EOF\n#!/usr/bin/env python3\nprint("sudo x")\nEOF', '<<EOF\n#!/usr/bin/env python3\nprint("sudo x")\nEOF'],
  ['python3 - <<PY\nprint("sudo x")\nPY', 'python3 - <<PY\nprint("sudo x")\nPY'],
  // history's row of a heredoc
  ['set -e\napt-get update\n', 'set -e; apt-get update'],
  ['', ''],
])('%j comes to %j', (args, command) => {
  expect(commandOf(args)).toBe(command);
});
