import type { Place } from './rule.js';

/**
 * What is left out by rule: documentation, manuals, translations, tests, examples, change logs, licences, package databases.
 * A secret in a README is written for everybody to read; one in a test is not in use.
 */
const LEFT_OUT_FOLDERS =
  /\/(?:docs?|documentation|man|info|help|locales?|i18n|l10n|translations|nls|licen[cs]es|tests?|__tests__|testing|test_?data|test_?fixtures|fixtures|testsuite|specs?|__mocks__|mocks|examples?|samples?|demos?|tutorials?|benchmarks?|zoneinfo|javadoc|ri|rdoc)\//i;
const LEFT_OUT_NAMES =
  /(?:\.(?:md|markdown|mdx|rst|adoc|asciidoc|pod|po|pot|mo|gmo|texi|tex|css|scss|less|svg|html?|xhtml|map|lock|sum|srt|ics|csv|tsv|dtd|xsl|pem\.pub|pub)|[._-](?:test|spec|tests|bench|example|sample|dist|tmpl|template)\.[a-z0-9]{1,6}|\.(?:example|sample|template|dist)|_test\.go|\.d\.ts)$/i;
const LEFT_OUT_BASENAMES = /^(?:readme|change(?:s|log)|history|news|authors|contributors|copying|copyright|licen[cs]e|notice|todo|test_[^/]*\.(?:py|rb)|package-lock\.json|npm-shrinkwrap\.json|composer\.lock|go\.sum)(?:[._-].*)?$/i;
const LEFT_OUT_TREES = /^\/(?:proc|sys|dev|usr\/share\/(?:doc|man|info|locale|i18n|zoneinfo|perl|mime|fonts|icons|terminfo|misc|bash-completion|zsh|vim|common-licenses)|usr\/include|var\/lib\/(?:dpkg|rpm|pacman|apt|opkg)|lib\/apk|usr\/lib\/apk|var\/cache\/(?:apt|man|fontconfig)|boot|usr\/src\/linux[^/]*)\//;

/** Whether nothing is looked for in a file because of where it is. Paths are absolute. */
export function isLeftOut(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return LEFT_OUT_TREES.test(path) || LEFT_OUT_FOLDERS.test(path) || LEFT_OUT_BASENAMES.test(name) || LEFT_OUT_NAMES.test(name);
}

const VENDORED =
  /^\/(?:usr\/(?:lib(?:32|64|exec)?|share|src|local\/(?:go|lib\/(?:python|node_modules|ruby|perl)|share\/perl))|lib(?:32|64)?|opt\/(?:yarn-|conda|miniconda|java|jdk))|\/(?:node_modules|bower_components|site-packages|dist-packages|gems|vendor|\.venv|venv|\.m2\/repository|go\/pkg\/mod|\.cargo\/registry|\.nuget\/packages|\.pyenv|\.rbenv|\.nvm)\//;

const ENVIRONMENT_NAMES = /^(?:\.?env(?:[._-].*)?|.*\.env(?:\.[a-z]+)?|\.(?:bash|zsh|sh|ash|psql|mysql)_?(?:rc|profile|history|login|exports)|\.profile|environment|\.envrc|credentials|\.netrc|_netrc|.*\.tfvars)$/i;
const SETTINGS_NAMES = /\.(?:ya?ml|json5?|jsonc|toml|ini|cfg|cnf|conf|config|properties|props|xml|plist|tfstate|tf|hcl|service|socket|timer|reg|npmrc|gradle|kts|settings|secrets?|creds|credentials|kubeconfig|key|token|passwd|pwd|ldif|inventory)$|^\.[a-z][a-z0-9_-]*rc$|^\.(?:pgpass|pypirc|my\.cnf|boto|s3cfg|dockercfg|git-credentials)$/i;

/** What kind of file this is: by its name alone, so that it is known before its bytes are. */
export function placeOf(path: string): Place {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (VENDORED.test(path)) return 'vendored';
  if (ENVIRONMENT_NAMES.test(name)) return 'environment';
  if (SETTINGS_NAMES.test(name) || path.startsWith('/etc/') || path.startsWith('/run/secrets/')) return 'settings';
  return 'source';
}
