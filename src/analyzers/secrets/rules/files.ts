import { LONGEST_PATH } from '../../files/stat.js';
import { entropy, isMixed, isPlaceholder, isReference } from '../checks.js';
import type { SecretRule, Window } from '../rule.js';

/** A line of a file that is known by its name: the credential files of tools. */
interface FileForm {
  readonly name: string;
  readonly title: string;
  /** Of the absolute path; linear: no nested repetition. */
  readonly path: RegExp;
  readonly literals: readonly string[];
  /** Sticky at the literal; the group named `secret` is the credential. */
  readonly source: string;
  readonly check?: (value: string) => boolean;
}

const ANY = '(?<secret>[^\\s"\'<>]{4,500})';

const FORMS: readonly FileForm[] = [
  { name: 'NETRC', title: 'Password in .netrc', path: /\/[._]netrc$/, literals: ['password'], source: `password\\s{1,20}${ANY}` },
  { name: 'NPMRC', title: 'Credential in .npmrc', path: /\/\.?npmrc$/, literals: ['_authtoken', '_auth', '_password'], source: `_(?:authToken|auth|password)\\s{0,4}=\\s{0,4}"?${ANY}` },
  { name: 'YARNRC', title: 'Credential in .yarnrc.yml', path: /\/\.yarnrc(?:\.yml)?$/, literals: ['npmauthtoken', 'npmauthident'], source: `npmAuth(?:Token|Ident)"?\\s{0,4}:?\\s{0,4}"?${ANY}` },
  { name: 'PYPIRC', title: 'Password in .pypirc', path: /\/\.pypirc$/, literals: ['password'], source: `password\\s{0,4}[:=]\\s{0,4}${ANY}` },
  { name: 'PIP_CONFIG', title: 'Credential in pip’s configuration', path: /\/pip\.(?:conf|ini)$/, literals: ['://'], source: `://[^\\s:@/]{0,80}:(?<secret>[^\\s@/]{4,200})@` },
  { name: 'PGPASS', title: 'Password in .pgpass', path: /\/\.pgpass$/, literals: [':5432:', ':*:', ':5433:'], source: `:[0-9*]{1,5}:[^:\\n]{1,80}:[^:\\n]{1,80}:${ANY}` },
  { name: 'MY_CNF', title: 'Password of a MySQL client', path: /\/(?:\.?my|debian|client)\.cnf$/, literals: ['password'], source: `password\\s{0,4}=\\s{0,4}["']?${ANY}` },
  { name: 'KUBECONFIG', title: 'Credential in a kubeconfig', path: /\/(?:\.kube\/config|kubeconfig[^/]*|[^/]*\.kubeconfig|admin\.conf|kubelet\.conf|controller-manager\.conf|scheduler\.conf)$/, literals: ['client-key-data', 'token:', 'password:'], source: `(?:client-key-data|token|password):\\s{0,4}["']?(?<secret>[A-Za-z0-9+/=._-]{8,20000})` },
  { name: 'GCP_CREDENTIALS', title: 'Google Cloud credential file', path: /\/(?:application_default_credentials|credentials|[^/]*(?:service|gcp|gcloud|sa|firebase)[^/]*)\.json$|\/gcloud\//, literals: ['"refresh_token"', '"client_secret"', '"private_key_id"'], source: `"(?:refresh_token|client_secret|private_key_id)"\\s{0,4}:\\s{0,4}"${ANY}` },
  { name: 'AZURE_CREDENTIALS', title: 'Azure CLI token', path: /\/\.azure\/|\/azureprofile\.json$|\/accesstokens\.json$/i, literals: ['"accesstoken"', '"refreshtoken"', '"clientsecret"', '"client_secret"', '"secret"'], source: `"(?:accessToken|refreshToken|clientSecret|client_secret|secret)"\\s{0,4}:\\s{0,4}"${ANY}` },
  { name: 'TERRAFORM_STATE', title: 'Secret in a Terraform state', path: /\.tfstate(?:\.backup)?$/, literals: ['password"', 'secret"', 'token"', 'private_key_pem"', 'secret_string"', '_key"'], source: `(?:password|secret|token|private_key_pem|secret_string|_key)"\\s{0,4}:\\s{0,4}"${ANY}`, check: (value) => !/^arn:|^projects\//.test(value) },
  { name: 'TERRAFORM_CREDENTIALS', title: 'Terraform CLI token', path: /\/(?:credentials\.tfrc\.json|\.terraformrc|terraform\.rc)$/, literals: ['token'], source: `token"?\\s{0,4}[:=]\\s{0,4}"${ANY}` },
  { name: 'MAVEN_SETTINGS', title: 'Password in Maven’s settings', path: /\/settings(?:-security)?\.xml$/, literals: ['<password>', '<passphrase>', '<master>'], source: `<(?:password|passphrase|master)>\\s{0,4}(?<secret>[^\\s<{$][^\\s<]{3,200})` },
  { name: 'GRADLE_PROPERTIES', title: 'Password in Gradle’s properties', path: /\/gradle\.properties$/, literals: ['password', 'token', 'secret'], source: `(?:password|token|secret)\\s{0,4}=\\s{0,4}${ANY}` },
  { name: 'NUGET_CONFIG', title: 'Password in NuGet’s configuration', path: /\/nuget\.config$/i, literals: ['cleartextpassword'], source: `ClearTextPassword"\\s{1,4}value="${ANY}` },
  { name: 'COMPOSER_AUTH', title: 'Credential in composer’s auth.json', path: /\/auth\.json$/, literals: ['"password"', '"github.com"', '"gitlab.com"', '"token"'], source: `"(?:password|github\\.com|gitlab\\.com|token)"\\s{0,4}:\\s{0,4}"${ANY}` },
  { name: 'GEM_CREDENTIALS', title: 'RubyGems credential', path: /\/\.gem\/credentials$|\/\.bundle\/config$/, literals: ['rubygems_api_key', 'bundle_'], source: `(?::rubygems_api_key:\\s{0,4}|rubygems_api_key:\\s{0,4}|bundle_[A-Z_]{3,80}:\\s{0,4}"?)(?<secret>[^\\s"':]{0,80}:?[^\\s"':]{8,100})`, check: isMixed },
  { name: 'CARGO_CREDENTIALS', title: 'crates.io credential', path: /\/\.cargo\/credentials(?:\.toml)?$/, literals: ['token'], source: `token\\s{0,4}=\\s{0,4}"${ANY}` },
  { name: 'GITHUB_CLI', title: 'GitHub CLI credential', path: /\/gh\/hosts\.yml$|\/\.config\/hub$/, literals: ['oauth_token'], source: `oauth_token:\\s{0,4}${ANY}` },
  { name: 'GIT_CREDENTIALS', title: 'Stored git credential', path: /\/\.git-credentials$/, literals: ['://'], source: `://[^\\s:@/]{0,80}:(?<secret>[^\\s@/]{4,200})@` },
  { name: 'WORDPRESS_CONFIG', title: 'WordPress credential', path: /\/wp-config\.php$/, literals: ["'db_password'", '"db_password"', "_key'", "_salt'"], source: `(?:['"]DB_PASSWORD|_KEY|_SALT)['"]\\s{0,4},\\s{0,20}['"](?<secret>[^\\n]{4,100}?)['"]\\s{0,4}\\)`, check: (value) => !/put your unique phrase/.test(value) },
  { name: 'RCLONE_CONFIG', title: 'rclone or s3cmd credential', path: /\/(?:rclone\.conf|\.s3cfg|\.boto|\.passwd-s3fs)$/, literals: ['secret_access_key', 'secret_key', 'pass =', 'password =', 'token ='], source: `(?:secret_access_key|secret_key|pass|password|token)\\s{0,4}=\\s{0,4}${ANY}` },
  { name: 'HTPASSWD', title: 'Password hash of a web server', path: /\/\.?htpasswd[^/]*$/, literals: [':$apr1$', ':$2y$', ':$2a$', ':{sha}', ':$6$', ':$5$'], source: ':(?:\\$(?:apr1|2[aby]|5|6)\\$|\\{SHA\\})(?<secret>\\S{20,120})' },
  { name: 'ANSIBLE_PASSWORD', title: 'Ansible connection password', path: /\/(?:hosts|inventory)[^/]*$|\/(?:group|host)_vars\//, literals: ['ansible_password', 'ansible_ssh_pass', 'ansible_become_pass', 'ansible_become_password'], source: `ansible_(?:password|ssh_pass|become_pass|become_password)\\s{0,4}[=:]\\s{0,4}["']?${ANY}` },
  { name: 'AWS_CREDENTIALS', title: 'AWS credential file', path: /\/\.aws\/credentials$/, literals: ['aws_session_token'], source: `aws_session_token\\s{0,4}=\\s{0,4}${ANY}` },
];

function fileRule(form: FileForm): SecretRule {
  const expression = new RegExp(form.source, 'diy');
  return {
    name: form.name,
    title: form.title,
    regex: `(?i).*${form.source.replaceAll('(?<secret>', '(')}`,
    literals: form.literals,
    before: 1,
    behind: 1_024,
    rank: 2,
    ownTextOnly: false,
    find(window: Window) {
      if (window.path.length > LONGEST_PATH || !form.path.test(window.path)) return undefined;
      expression.lastIndex = window.at;
      const match = expression.exec(window.text);
      const value = match?.groups?.['secret'] ?? '';
      if (match === null || isPlaceholder(value) || isReference(value) || value.startsWith('{')) return undefined;
      if (form.check !== undefined && !form.check(value)) return undefined;
      if (value.length < 4 || entropy(value) < 1) return undefined;
      const [start, end] = match.indices?.groups?.['secret'] ?? [0, 0];
      return { start, end };
    },
  };
}

export const FILE_RULES: readonly SecretRule[] = FORMS.map(fileRule);
