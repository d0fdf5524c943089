/**
 * The corpus for the search of secrets, made by rule and from a seed, so that nothing here looks like a live key:
 * true candidates are drawn in the formats that vendors document, false ones are what looks like them and is none,
 * and the text of this repository's own dependencies.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createHash, createHmac, generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';

const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const ALPHABETS = {
  d: DIGITS, l: LOWER, u: UPPER, h: `${DIGITS}abcdef`, H: `${DIGITS}ABCDEF`, a: DIGITS + LOWER, A: DIGITS + UPPER,
  w: DIGITS + UPPER + LOWER, b: `${DIGITS + UPPER + LOWER}+/`, s: `${DIGITS + UPPER + LOWER}-_`, L: UPPER + LOWER, r: `${UPPER}234567`, q: `${LOWER}234567`, g: 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L',
};

/** A small seeded generator (mulberry32): the same corpus on every machine. */
export function generator(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const pick = (list) => list[Math.floor(next() * list.length)];
  const draw = (alphabet, length) => Array.from({ length }, () => pick(ALPHABETS[alphabet])).join('');
  return { next, pick, draw };
}

/** `{w36}` draws 36 of the alphabet w; everything else stands for itself. */
const fill = (random, form) => form.replace(/\{([a-zA-Z])(\d+)\}/g, (_, alphabet, length) => random.draw(alphabet, Number(length)));

const BASE62 = DIGITS + UPPER + LOWER;

function crc32(text) {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function checksummed(random, prefix) {
  const body = random.draw('w', 30);
  let rest = crc32(body);
  let digits = '';
  for (let index = 0; index < 6; index += 1) {
    digits = BASE62[rest % 62] + digits;
    rest = Math.floor(rest / 62);
  }
  return prefix + body + digits;
}

function jwt(random) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: random.draw('d', 9), aud: random.draw('l', 8), iat: 1_690_000_000 + Math.floor(random.next() * 1e7) })}`;
  return `${text}.${createHmac('sha256', random.draw('w', 20)).update(text).digest('base64url')}`;
}

const PEMS = ['rsa', 'ec', 'ed25519'].map((type) => {
  const options = type === 'rsa' ? { modulusLength: 1024 } : type === 'ec' ? { namedCurve: 'P-256' } : {};
  return generateKeyPairSync(type, options).privateKey.export({ format: 'pem', type: type === 'rsa' ? 'pkcs1' : type === 'ec' ? 'sec1' : 'pkcs8' }).toString();
});

/** Tokens with a form of their own: kind → form. */
const TOKENS = {
  AWS_ACCESS_KEY: ['AKIA{r16}', 'ASIA{r16}'],
  AWS_BEDROCK_KEY: ['ABSK{b120}'],
  GOOGLE_API_KEY: ['AIza{s35}'],
  GOOGLE_OAUTH_SECRET: ['GOCSPX-{s28}'],
  AZURE_STORAGE_KEY: ['DefaultEndpointsProtocol=https;AccountName=shop;AccountKey={b86}=='],
  AZURE_CLIENT_SECRET: ['{w3}8Q~{w34}'],
  ALIBABA_ACCESS_KEY: ['LTAI{w20}'],
  DIGITALOCEAN_TOKEN: ['dop_v1_{h64}', 'doo_v1_{h64}'],
  DATABRICKS_TOKEN: ['dapi{h32}'],
  VAULT_TOKEN: ['hvs.{w95}'],
  TERRAFORM_CLOUD_TOKEN: ['{w14}.atlasv1.{w67}'],
  DOPPLER_TOKEN: ['dp.pt.{w43}'],
  PLANETSCALE_TOKEN: ['pscale_tkn_{w43}'],
  PULUMI_TOKEN: ['pul-{h40}'],
  SUPABASE_TOKEN: ['sbp_{h40}'],
  TAILSCALE_KEY: ['tskey-auth-{w12}CNTRL-{w32}'],
  OPENSHIFT_TOKEN: ['sha256~{w43}'],
  FLY_TOKEN: ['fo1_{w43}'],
  GITHUB_FINE_GRAINED_TOKEN: ['github_pat_{w22}_{w59}'],
  GITLAB_TOKEN: ['glpat-{w20}', 'gldt-{w20}'],
  GITLAB_RUNNER_TOKEN: ['glrt-{w20}'],
  GITLAB_TRIGGER_TOKEN: ['glptt-{h40}'],
  ATLASSIAN_TOKEN: ['ATATT3{w186}'],
  BITBUCKET_TOKEN: ['ATBB{w28}{H4}'],
  PYPI_TOKEN: ['pypi-AgEIcHlwaS5vcmc{w150}'],
  RUBYGEMS_TOKEN: ['rubygems_{h48}'],
  DOCKER_HUB_TOKEN: ['dckr_pat_{s27}'],
  JFROG_TOKEN: ['AKCp{w69}'],
  SOURCEGRAPH_TOKEN: ['sgp_{h40}'],
  SONAR_TOKEN: ['squ_{h40}'],
  CIRCLECI_TOKEN: ['ccipat_{w22}_{h40}'],
  POSTMAN_KEY: ['PMAK-{h24}-{h34}'],
  PREFECT_TOKEN: ['pnu_{w36}'],
  PACKAGIST_TOKEN: ['packagist_uut_{h68}'],
  SLACK_TOKEN: ['xoxb-{d12}-{d12}-{w24}', 'xoxp-{d12}-{d12}-{d12}-{h32}'],
  SLACK_APP_TOKEN: ['xapp-1-A{A10}-{d13}-{h64}'],
  SLACK_WEBHOOK: ['https://hooks.slack.com/services/T{A10}/B{A10}/{w24}'],
  DISCORD_WEBHOOK: ['https://discord.com/api/webhooks/{d18}/{w68}'],
  TELEGRAM_TOKEN: ['{d10}:AA{w33}'],
  STRIPE_KEY: ['sk_live_{w24}', 'rk_live_{w24}', 'sk_test_{w99}'],
  STRIPE_WEBHOOK_SECRET: ['whsec_{w32}'],
  SQUARE_TOKEN: ['sq0atp-{w22}'],
  SHOPIFY_TOKEN: ['shpat_{h32}'],
  SENDGRID_KEY: ['SG.{w22}.{w43}'],
  MAILGUN_KEY: ['key-{h32}'],
  MAILCHIMP_KEY: ['{h32}-us12'],
  BREVO_KEY: ['xkeysib-{h64}-{w16}'],
  OPENAI_KEY: ['sk-{w20}T3BlbkFJ{w20}', 'sk-proj-{w74}T3BlbkFJ{w74}'],
  ANTHROPIC_KEY: ['sk-ant-api03-{w93}AA'],
  HUGGING_FACE_TOKEN: ['hf_{L34}'],
  REPLICATE_TOKEN: ['r8_{w37}'],
  GROQ_KEY: ['gsk_{w52}', 'pplx-{w48}'],
  GRAFANA_TOKEN: ['glsa_{w32}_{h8}'],
  SENTRY_TOKEN: ['sntryu_{h64}'],
  NEW_RELIC_KEY: ['NRAK-{A27}'],
  DYNATRACE_TOKEN: ['dt0c01.{A24}.{A64}'],
  LINEAR_KEY: ['lin_api_{w40}'],
  NOTION_TOKEN: ['ntn_{d11}{w35}'],
  FIGMA_TOKEN: ['figd_{w40}'],
  TYPEFORM_TOKEN: ['tfp_{w44}'],
  SHIPPO_TOKEN: ['shippo_live_{h40}'],
  AGE_KEY: ['AGE-SECRET-KEY-1{g58}'],
  ADOBE_SECRET: ['p8e-{a32}'],
  EASYPOST_KEY: ['EZAK{w54}'],
  MAXMIND_KEY: ['{w6}_{w29}_mmk'],
};

/** Known by the name they are given to: kind → [name, form]. */
const ASSIGNED = {
  AWS_SECRET_KEY: [['aws_secret_access_key', '{b40}'], ['AWS_SECRET_ACCESS_KEY', '{b40}']],
  CLOUDFLARE_API_KEY: [['CLOUDFLARE_API_KEY', '{h37}'], ['cloudflare_token', '{w40}']],
  HEROKU_API_KEY: [['HEROKU_API_KEY', '{h8}-{h4}-{h4}-{h4}-{h12}']],
  DATADOG_API_KEY: [['DATADOG_API_KEY', '{h32}'], ['DD_APP_KEY', '{h40}']],
  AZURE_DEVOPS_TOKEN: [['AZURE_DEVOPS_PAT', '{q52}']],
  TWILIO_AUTH_TOKEN: [['TWILIO_AUTH_TOKEN', '{h32}']],
  ALGOLIA_KEY: [['ALGOLIA_ADMIN_KEY', '{h32}']],
  ANY: [
    ['DB_PASSWORD', '{w6}#{w5}'], ['secret_key_base', '{h64}'], ['SESSION_SECRET', '{w32}'], ['smtp_password', '{w4}!{w8}'],
    ['JWT_SECRET', '{s40}'], ['app_key', '{b43}='], ['encryptionKey', '{h32}'], ['clientSecret', '{s36}'], ['REDIS_PASSWORD', '{w14}'], ['admin_password', '{w3}-{d4}-{w3}'],
  ],
};

/** Where a value may stand. Each gives the path of a file and its text. */
const CONTEXTS = [
  (name, value) => ['/app/.env', `NODE_ENV=production\n${name}=${value}\nPORT=8080\n`],
  (name, value) => ['/srv/app/config.yml', `server:\n  port: 8080\n  ${name}: "${value}"\n`],
  (name, value) => ['/opt/app/settings.json', `{\n  "debug": false,\n  "${name}": "${value}"\n}\n`],
  (name, value) => ['/app/src/client.js', `const http = require('http');\nconst ${name.replace(/-/g, '_')} = '${value}';\nmodule.exports = connect;\n`],
  (name, value) => ['/app/settings.py', `DEBUG = False\n${name} = "${value}"\n`],
  (name, value) => ['/app/deploy.sh', `#!/bin/sh\nexport ${name}="${value}"\n./run\n`],
  (name, value) => ['/etc/app.properties', `a.b=1\n${name}=${value}\n`],
];

/** Whole files of tools, each with the line (from 0) of its secret. */
function toolFiles(random) {
  const secret = random.draw('w', 12);
  return [
    ['/root/.netrc', `machine api.internal\n  login deploy\n  password ${secret}\n`, 2],
    ['/root/.npmrc', `registry=https://npm.internal/\n//npm.internal/:_authToken=${random.draw('w', 36)}\n`, 1],
    ['/root/.pypirc', `[pypi]\nusername = ci\npassword = ${secret}\n`, 2],
    ['/root/.pgpass', `db.internal:5432:shop:shop:${secret}\n`, 0],
    ['/root/.docker/config.json', `{"auths":{"registry.internal":{\n"auth": "${Buffer.from(`ci:${secret}`).toString('base64')}"}}}\n`, 1],
    ['/root/.kube/config', `users:\n- name: ci\n  user:\n    token: ${random.draw('w', 40)}\n`, 3],
    ['/root/.git-credentials', `https://ci:${secret}@git.internal\n`, 0],
    ['/root/.m2/settings.xml', `<settings><server>\n<password>${secret}</password>\n</server></settings>\n`, 1],
    ['/root/.my.cnf', `[client]\nuser=root\npassword=${secret}\n`, 2],
    ['/srv/terraform.tfstate', `{"resources":[{\n"attributes":{"admin_password": "${secret}"}}]}\n`, 1],
    ['/root/.config/gh/hosts.yml', `github.com:\n  oauth_token: gho${random.draw('w', 33)}\n`, 1],
    ['/var/www/wp-config.php', `<?php\ndefine('DB_PASSWORD', '${secret}');\n`, 1],
    ['/etc/nginx/.htpasswd', `admin:$apr1$${random.draw('w', 8)}$${random.draw('w', 22)}\n`, 0],
    ['/root/.cargo/credentials.toml', `[registry]\ntoken = "cio${random.draw('w', 32)}"\n`, 1],
    ['/etc/wireguard/wg0.conf', `[Interface]\nPrivateKey = ${random.draw('b', 43)}=\n`, 1],
    ['/app/db.conf', `url = postgres://shop:${secret}@db.internal:5432/shop\n`, 0],
    ['/app/web.config', `<x>\n<add connectionString="Server=db;Database=shop;User Id=sa;Password=${secret};" />\n`, 1],
    ['/app/run.sh', `#!/bin/sh\ncurl -u ci:${secret} https://api.internal/\n`, 1],
    ['/app/broker.yml', `broker:\n  url: amqps://mq:${secret}@mq.internal/v\n`, 1],
    ['/app/call.js', `a();\nfetch(u, { headers: { Authorization: 'Bearer ${random.draw('w', 40)}' } });\n`, 1],
    ['/root/.ssh/id_rsa', random.pick(PEMS), 0],
    ['/etc/app/sa.json', `{"type": "service_account",\n"private_key": ${JSON.stringify(random.pick(PEMS))}}\n`, 1],
  ];
}

/** True candidates: [{path, text, line, kind}]. */
export function trueCandidates(seed = 1) {
  const random = generator(seed);
  const out = [];
  const put = (kind, name, value, context) => {
    const [path, text] = context(name, value);
    out.push({ kind, path, text, line: text.split('\n').findIndex((line) => line.includes(value)) });
  };
  for (const [kind, forms] of Object.entries(TOKENS)) {
    for (const form of forms) for (let count = 0; count < 4; count += 1) put(kind, random.pick(['token', 'API_CREDENTIAL', 'remote']), fill(random, form), random.pick(CONTEXTS));
  }
  for (const [prefix, kind] of [['ghp_', 'GITHUB_TOKEN'], ['gho_', 'GITHUB_TOKEN'], ['ghs_', 'GITHUB_TOKEN'], ['npm_', 'NPM_TOKEN']]) {
    for (let count = 0; count < 5; count += 1) put(kind, 'upload', checksummed(random, prefix), random.pick(CONTEXTS));
  }
  for (let count = 0; count < 8; count += 1) put('JWT', 'session', jwt(random), random.pick(CONTEXTS));
  for (const [kind, pairs] of Object.entries(ASSIGNED)) {
    for (const [name, form] of pairs) for (let count = 0; count < 3; count += 1) put(kind, name, fill(random, form), random.pick(CONTEXTS.filter((_, index) => index !== 3 || !name.includes('.'))));
  }
  for (let round = 0; round < 3; round += 1) for (const [path, text, line] of toolFiles(random)) out.push({ kind: 'ANY', path, text, line });
  return out;
}

/** Values that stand where secrets would and are none. */
const NO_SECRETS = [
  '${DB_PASSWORD}', '$PASSWORD', '{{ vault_password }}', '<your-password>', 'changeme', 'your_api_key_here', 'xxxxxxxxxxxxxxxx', '********', 'None', 'null', 'true', '', 'process.env.SECRET',
  "os.environ['TOKEN']", 'AKIAIOSFODNN7EXAMPLE', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'REPLACE_ME', 'example-token', '/run/secrets/db_password', 'https://example.com/token', 'password', 'secret',
  'getPassword()', 'config.get("token")', 'application/json', 'Bearer', 'access_token', 'client_credentials', 'x-csrf-token', 'dummy-value', '%(password)s', '<%= token %>', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db',
];
const NAMES = ['password', 'DB_PASSWORD', 'token', 'API_KEY', 'secret', 'clientSecret', 'auth_token', 'aws_secret_access_key', 'private_key', 'passphrase'];
const PUBLIC_NAMES = ['token_url', 'passwordField', 'secretName', 'token_type', 'password_min_length', 'api_key_header', 'secret_id', 'tokenEndpoint', 'password_file', 'access_key_id_name'];

/** False candidates made by rule. */
export function falseCandidates(seed = 2, each = 8) {
  const random = generator(seed);
  const out = [];
  const add = (context, name, value) => {
    const [path, text] = context(name, value);
    out.push({ path, text });
  };
  for (const value of NO_SECRETS) for (const name of NAMES) add(random.pick(CONTEXTS), name, value);
  for (const name of PUBLIC_NAMES) for (let count = 0; count < each; count += 1) add(random.pick(CONTEXTS), name, random.pick(['form.password', 'database-credentials', 'Bearer', '/oauth/token', 'X-Api-Key', 'user_password']));
  const hash = (algorithm) => createHash(algorithm).update(random.draw('w', 9));
  const harmless = [
    () => ['checksum', hash('sha256').digest('hex')], () => ['commit', hash('sha1').digest('hex')], () => ['etag', hash('md5').digest('hex')],
    () => ['integrity', `sha512-${hash('sha512').digest('base64')}`], () => ['id', fill(random, '{h8}-{h4}-4{h3}-a{h3}-{h12}')], () => ['image', `data:image/png;base64,iVBORw0KGgo${random.draw('b', 200)}`],
    () => ['version', fill(random, '{d1}.{d2}.{d3}')], () => ['digest', `sha256:${hash('sha256').digest('hex')}`], () => ['fingerprint', fill(random, 'SHA256:{b43}')],
    // token-like, with a checksum that is not theirs, or drawn by nobody
    () => ['upload', `ghp_${random.draw('w', 36)}`], () => ['remote', `npm_${random.draw('w', 36)}`], () => ['remote', `ghp_${'x'.repeat(36)}`], () => ['remote', 'AKIAXXXXXXXXXXXXXXXX'],
    () => ['remote', `sk_live_${'0123456789abcdefghijklmn'}`], () => ['remote', `xoxb-${'1'.repeat(12)}-${'x'.repeat(24)}`], () => ['remote', 'glpat-xxxxxxxxxxxxxxxxxxxx'],
    () => ['pem', `-----BEGIN CERTIFICATE-----\n${random.draw('b', 64)}\n${random.draw('b', 64)}\n-----END CERTIFICATE-----`],
    () => ['pem', `-----BEGIN PUBLIC KEY-----\n${random.draw('b', 64)}\n${random.draw('b', 64)}\n-----END PUBLIC KEY-----`],
    () => ['marker', '-----BEGIN RSA PRIVATE KEY-----'], () => ['marker', '-----BEGIN PRIVATE KEY-----...-----END PRIVATE KEY-----'],
    () => ['url', 'postgres://user:password@localhost/db'], () => ['url', 'https://user:pass@example.com/'], () => ['url', 'redis://:${REDIS_PASSWORD}@redis:6379'], () => ['url', 'http://localhost:8080/a@b'],
    () => ['key', `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${random.draw('b', 43)} me@host`], () => ['jwt', `eyJ${random.draw('w', 30)}.eyJ${random.draw('w', 40)}.${random.draw('w', 43)}`],
  ];
  for (const make of harmless) for (let count = 0; count < each * 4; count += 1) add(random.pick(CONTEXTS), ...make());
  // what is left out by rule, with true tokens in it
  const left = ['/app/README.md', '/app/docs/setup.txt', '/app/test/client.js', '/usr/share/doc/x/config', '/app/locales/en.json', '/app/src/client.test.ts', '/app/examples/a.py', '/app/.env.example'];
  for (const path of left) for (let count = 0; count < each; count += 1) out.push({ path, text: `x\ntoken = "${checksummed(random, 'ghp_')}"\n` });
  return out;
}

/** A line that a naive search would stop at. */
const SUSPICIOUS = /passw|secret|token|api[_-]?key|private key|credential|:\/\/[^/\s]*@|auth|AKIA|gh[pousr]_|xox|sk_|eyJ|-----BEGIN|sha\d|[A-Za-z0-9+/]{40}/i;

/** Lines of real text below a folder, each a candidate: `{path, text}` with the path as it would be in an image. */
export function textCandidates(folder, prefix, limit = 6000, perFile = 12) {
  const out = [];
  const walk = (path) => {
    for (const name of readdirSync(path).sort()) {
      if (out.length >= limit) return;
      const inner = join(path, name);
      const info = statSync(inner, { throwIfNoEntry: false });
      if (info?.isDirectory()) walk(inner);
      else if (info?.isFile() && info.size < 400_000 && /\.(?:c?m?js|json|ya?ml|py|rb|php|sh|ts|conf|ini|toml|xml|properties)$/.test(name)) take(inner);
    }
  };
  const take = (path) => {
    const lines = readFileSync(path, 'latin1').split('\n').filter((line) => line.length < 2000 && SUSPICIOUS.test(line));
    for (const text of lines.slice(0, perFile)) out.push({ path: prefix + path.slice(folder.length).replaceAll('\\', '/'), text: `${text}\n` });
  };
  walk(folder);
  return out;
}
