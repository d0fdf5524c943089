import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { analyze, type Analyzed } from '../../../src/analyze.js';
import { identityOf } from '../../../src/report/archive/members.js';
import { writeAnalysisArchive } from '../../../src/report/archive/write.js';
import { dockerLegacy, packTar, type PackedEntry } from '../../image/build.js';
import { filesOfImage, members, toldBy, type Member } from './told.js';

const SHOP = fileURLToPath(new URL('../../../examples/shop/shop.tar.gz', import.meta.url));

/** Bytes of a file that may not be told in one piece: names, versions, digests and descriptions are shorter, or facts. */
const PIECE = 64;

async function send(image: string, dockerfile = ''): Promise<{ analyzed: Analyzed; told: string; path: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'inline-scan-privacy-'));
  if (dockerfile !== '') writeFileSync(join(folder, 'Dockerfile'), dockerfile);
  const host = { env: {}, platform: process.platform, workspace: folder, now: () => new Date(), say: () => undefined, progress: () => undefined };
  const analyzed = await analyze({ source: { archive: image }, platform: '', name: '', dockerfile: dockerfile === '' ? '' : 'Dockerfile', target: '', cache: false, analysis: { analyzers: [], analyzerConfig: '' } }, folder, host);
  const { path } = await writeAnalysisArchive(join(folder, 'analysis-archive.tgz'), analyzed.reportFile, analyzed.report, identityOf(analyzed.image, 'tenant_1'), 'test');
  return { analyzed, told: await toldBy(path), path };
}

/** Files of which a whole piece stands in what was told, with the piece. */
function toldOf(files: readonly Member[], told: string): { name: string; piece: string }[] {
  const pieces = new Map<string, string>();
  for (const { name, content } of files) {
    const text = content.toString('utf8');
    for (let at = 0; at + PIECE <= text.length; at += PIECE) pieces.set(text.slice(at, at + PIECE), name);
  }
  const found = new Map<string, { name: string; piece: string }>();
  for (let at = 0; at + PIECE <= told.length; at += 1) {
    const piece = told.slice(at, at + PIECE);
    const name = pieces.get(piece);
    if (name !== undefined && !found.has(`${name}\n${piece}`)) found.set(`${name}\n${piece}`, { name, piece });
  }
  return [...found.values()];
}

describe('of the sample image', () => {
  test('no piece of any file is sent but of those that retrieve_files names', async () => {
    const { told, path } = await send(SHOP);
    const files = await filesOfImage(SHOP);
    expect(files.length).toBeGreaterThan(30);
    const found = toldOf(files, told);
    expect(found.filter(({ name }) => name !== 'etc/passwd')).toEqual([]);
    expect(found.length).toBeGreaterThan(0);
    expect((await members(readFileSync(path))).map(({ name }) => name)).toEqual(['analysis', 'image_content', 'image_manifest', 'archive_manifest']);
  }, 60_000);
});

/** Values that nobody may see, each for one place; put together here, so that nothing in the repository looks like a secret. */
const secret = (place: string): string => ['zq7', place, 'Vw93kd'].join('_');
const WITH_BLANKS = `${secret('blank')} and ${secret('rest')}`;
const AWS = ['AKIA', 'Q3EGTRZ5LV7XK2HN'].join('');
const PEM = ['-----BEGIN RSA ', 'PRIVATE KEY-----'].join('');

const FILES: readonly PackedEntry[] = [
  { name: 'etc/passwd', content: 'root:x:0:0:root:/root:/bin/sh\nretrieved:x:1:1:named by retrieve_files, so that its content is sent:/:/bin/sh\n' },
  { name: 'etc/shadow', content: `root:$6$${secret('shadow')}$x:19000:0:99999:7:::\n` },
  { name: 'app/.env', content: `DB_PASSWORD=${secret('env_file')}\nAWS_ACCESS_KEY_ID=${AWS}\n` },
  { name: 'app/config.py', content: `PASSWORD = "${secret('python')}"\n# ${'an ordinary line of source code, of some length, '.repeat(3)}\n` },
  { name: 'app/notes.txt', content: `${'Nobody outside may read these notes about the business. '.repeat(4)}\n` },
  { name: 'root/.ssh/id_rsa', content: `${PEM}\n${Buffer.from(secret('pem').repeat(12)).toString('base64')}\n${PEM.replace('BEGIN', 'END')}\n` },
  { name: 'root/.netrc', content: `machine example.com login me password ${secret('netrc')}\n` },
  { name: 'app/package.json', content: JSON.stringify({ name: 'app', version: '1.0.0', _authToken: secret('package'), scripts: { start: `node --token ${secret('script')} server.js` } }) },
  { name: 'etc/cron.d/job', content: `* * * * * root curl -u me:${secret('cron')} https://example.com\n` },
  { name: 'etc/systemd/system/app.service', content: `[Unit]\nDescription=app\n[Service]\nEnvironment=API_TOKEN=${secret('unit_env')}\nExecStart=/app --password ${secret('unit')}\n[Install]\nWantedBy=multi-user.target\n` },
  { name: 'etc/systemd/system/multi-user.target.wants/app.service', type: 'symlink', linkname: '/etc/systemd/system/app.service' },
  { name: 'deleted.txt', content: `token=${secret('deleted')}\n` },
];

const CONFIG = {
  author: `me <https://me:${secret('author')}@example.com>`,
  config: {
    Env: [`DB_PASSWORD=${secret('env')}`, `API_SECRET=${WITH_BLANKS}`, `DATABASE_URL=postgres://u:${secret('url')}@db/x`, `KEY_ID=${AWS}`, 'MODE=fast'],
    Cmd: ['app', '--password', secret('cmd')], Entrypoint: ['/bin/sh', '-c', `run --token=${secret('entrypoint')}`],
    Labels: { api_key: secret('label'), 'org.example.secret': WITH_BLANKS, plain: 'shown' },
    OnBuild: [`ENV TOKEN=${secret('onbuild')}`], Healthcheck: { Test: ['CMD', 'curl', '-H', `Authorization: Bearer ${secret('health')}`] },
  },
  history: [
    { created_by: 'COPY . / # buildkit' },
    { created_by: `RUN |2 TOKEN=${secret('buildarg')} MODE=fast /bin/sh -c npm ci --password ${secret('option')} # buildkit`, comment: `https://x:${secret('comment')}@h` },
    { created_by: `/bin/sh -c #(nop)  ENV DB_PASSWORD=${secret('env')}`, empty_layer: true },
    { created_by: `ENV API_SECRET=${WITH_BLANKS}`, empty_layer: true },
    { created_by: `LABEL api_key=${secret('label')}`, empty_layer: true },
    { created_by: `|1 NPM_TOKEN=${secret('classic')} /bin/sh -c echo 'root:${secret('chpasswd')}' | chpasswd`, empty_layer: true },
    { created_by: `CMD ["app" "--password" "${secret('cmd')}"]`, empty_layer: true },
  ],
};

const DOCKERFILE = [
  'FROM scratch', `ARG TOKEN=${secret('arg')}`, 'ARG NPM_TOKEN', 'COPY . /', `RUN npm ci --password ${secret('option')} && \\`, `    curl -u me:${secret('curl')} https://example.com`,
  `ENV DB_PASSWORD=${secret('env')}`, `ENV API_SECRET ${WITH_BLANKS}`, `LABEL api_key="${secret('label')}"`, `CMD ["app", "--password", "${secret('cmd')}"]`, 'USER app', '',
].join('\n');

describe.each([['with its Dockerfile', DOCKERFILE], ['without a Dockerfile', '']])('of an image full of secrets, %s', (_, dockerfile) => {
  test('none is told; names and instructions stay', async () => {
    const layers = [await packTar(FILES), await packTar([{ name: '.wh.deleted.txt' }])];
    const archive = join(mkdtempSync(join(tmpdir(), 'inline-scan-privacy-')), 'image.tar');
    writeFileSync(archive, await packTar(dockerLegacy({ layers, config: CONFIG }, ['shop:1'])));
    const { analyzed, told } = await send(archive, dockerfile);
    expect(toldOf(await filesOfImage(archive), told).map(({ name }) => name)).toEqual(['etc/passwd']);
    expect([...told.matchAll(/.{0,60}zq7_\w*/g)].map(([match]) => match)).toEqual([]);
    expect(told).not.toContain(AWS);
    const { config, layers: history, dockerfile: { contents, mode } } = analyzed.image;
    expect(config?.env).toEqual(['DB_PASSWORD=***', 'API_SECRET=***', 'DATABASE_URL=postgres://u:***@db/x', 'KEY_ID=***', 'MODE=fast']);
    expect(config?.labels).toEqual({ api_key: '***', 'org.example.secret': '***', plain: 'shown' });
    expect(config?.cmd).toEqual(['app', '--password', '***']);
    expect(history.map(({ createdBy }) => createdBy)).toEqual([
      'COPY . / # buildkit', 'RUN |2 TOKEN=*** MODE=fast /bin/sh -c npm ci --password *** # buildkit', '/bin/sh -c #(nop)  ENV DB_PASSWORD=***',
      'ENV API_SECRET=***', 'LABEL api_key=***', "|1 NPM_TOKEN=*** /bin/sh -c echo 'root:***' | chpasswd", 'CMD ["app" "--password" "***"]',
    ]);
    expect(mode).toBe(dockerfile === '' ? 'Guessed' : 'Actual');
    // line numbers are kept for the findings that point at them
    if (dockerfile !== '') expect(contents.split('\n').map((line) => line.split(' ')[0])).toEqual(dockerfile.split('\n').map((line) => line.split(' ')[0]));
    // the secrets are findings all the same, by their place
    expect(analyzed.image.configSecrets.length).toBeGreaterThan(0);
    expect(analyzed.image.secrets.map(({ path }) => path)).toContain('/app/.env');
  }, 30_000);
});
