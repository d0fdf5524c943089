import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseAssembly } from '../../../src/analyzers/dotnet/assembly.js';
import { ExecutableSink } from '../../../src/analyzers/executable/sink.js';
import { FormatError } from '../../../src/analyzers/packageFile/read.js';
import type { FuzzTarget } from '../target.js';

function sample(name: string): Buffer {
  const bytes = readFileSync(`test/fixtures/${name}`);
  return name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

/** As lanes give them. */
const CHUNK = 64 * 1024;

/** Reads an executable as it passes; what it tells are problems, no findings. */
function executable(name: string, files: readonly string[]): FuzzTarget {
  return {
    name,
    samples: () => files.map((file) => sample(`executable/${file}.gz`)),
    parse(bytes) {
      const sink = new ExecutableSink(bytes.length, () => undefined);
      for (let at = 0; at < bytes.length; at += CHUNK) sink.write(bytes.subarray(at, at + CHUNK));
      sink.end();
    },
  };
}

export const executableTargets: readonly FuzzTarget[] = [
  executable('elf', ['go1.17-linux-amd64', 'go1.26-linux-386', 'uses_serde_json', 'go1.17-linux-s390x']),
  executable('pe', ['go1.17-windows-386.exe', 'go1.26-windows-amd64.exe']),
  executable('mach-o', ['go1.17-darwin-amd64', 'go1.26-darwin-arm64']),
  {
    name: 'assembly',
    samples: () => [sample('dotnet/HelloWorldApp.dll')],
    parse(bytes: Buffer): void {
      try {
        parseAssembly(bytes, 'HelloWorldApp.dll');
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    },
  },
];
