import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Subject } from '../../../src/backend/backend.js';
import { parseReport } from '../../../src/report/parse.js';
import { readReport } from '../../../src/report/read.js';

export const DIGEST = `sha256:${'1'.repeat(64)}`;
export const IMAGE_ID = '2'.repeat(64);
export const NAME = 'docker.io/library/a:1';

export interface SubjectFile extends Subject {
  /** The folder that report.json is in. */
  readonly folder: string;
}

/** A small report on disk, and the same read. `padding` bytes that do not compress make its archive large. */
export function subject({ name = NAME, packages = {}, layers = {}, padding = '' }: { name?: string; packages?: Record<string, string>; layers?: Record<string, string>; padding?: string } = {}): SubjectFile {
  const history = [{ index: 0, diffId: `sha256:${'3'.repeat(64)}`, sizeBytes: 5, createdBy: 'COPY . /app', emptyLayer: false }];
  const text = JSON.stringify({
    document: [{ image: { imageId: IMAGE_ID, imagedata: {
      analyzer_manifest: {},
      analysis_report: {
        analyzer_meta: { analyzer_meta: { base: { DISTRO: 'debian', DISTROVERS: '12', LIKEDISTRO: 'debian' } } },
        inventory: {
          image: { base: { digest: DIGEST, name, created: '2026-01-01T00:00:00Z', os: 'linux' } },
          history: { base: { layers: JSON.stringify(history) } },
          packages: { base: packages },
          layers: { base: layers },
          ...(padding === '' ? {} : { padding: { base: { padding } } }),
        },
      },
      image_report: {
        meta: { humanname: name, sizebytes: 5 }, docker_history: [], dockerfile_mode: 'Guessed', dockerfile_contents: 'FROM scratch',
        layers: [`sha256:${'3'.repeat(64)}`], docker_data: { Architecture: 'amd64', RepoTags: [name] },
      },
    } } }],
  });
  const folder = mkdtempSync(join(tmpdir(), 'inline-scan-subject-'));
  const reportFile = join(folder, 'report.json');
  writeFileSync(reportFile, text);
  const report = parseReport(text, reportFile);
  return { report, image: readReport(report), reportFile, folder };
}
