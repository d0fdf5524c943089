import { anywhere, near, type Classifier } from './classifier.js';

/** Shells, command-line tools and libraries that are built from source often enough. */
export const TOOLS: readonly Classifier[] = [
  { product: 'busybox', purl: 'generic', cpes: ['a:busybox:busybox'], file: 'busybox', versions: [near('BusyBox', /BusyBox\s{1,4}v(?<version>\d+\.\d+\.\d+)/)] },
  { product: 'bash', purl: 'generic', cpes: ['a:gnu:bash'], file: 'bash', versions: [near('@(#)Bash version ', /@\(#\)Bash version (?<version>\d+\.\d+\.\d+)\(\d+\) [a-z0-9]+ GNU/)] },
  { product: 'aws-lc', purl: 'generic', cpes: ['a:amazon:aws_libcrypto'], file: 'openssl', versions: [near('AWS-LC ', /AWS-LC (?<version>\d+\.\d+\.\d+)\)\0/)] },
  { product: 'openssl', purl: 'generic', cpes: ['a:openssl:openssl'], file: 'openssl', versions: [near('\0OpenSSL ', /\0OpenSSL (?<version>\d+\.\d+\.\d+(?:[a-z]{1,2}|-(?:alpha|beta|rc)\d+)?)\b(?! \(compatible; AWS-LC)/)] },
  { product: 'openssl', purl: 'generic', cpes: ['a:openssl:openssl'], file: /^libcrypto(?:-[0-9a-f]+)?\.so/, versions: [near('\0OpenSSL ', /\0OpenSSL (?<version>\d+\.\d+\.\d+(?:[a-z]{1,2}|-(?:alpha|beta|rc)\d+)?)\b(?! \(compatible; AWS-LC)/)] },
  { product: 'openldap', purl: 'generic', cpes: ['a:openldap:openldap'], file: 'ldapsearch', versions: [near('$OpenLDAP:', /\$OpenLDAP:\sldapsearch\s(?<version>\d+\.\d+\.\d+)/)] },
  { product: 'curl', purl: 'generic', cpes: ['a:haxx:curl'], file: 'curl', versions: [near('curl/', /curl\/(?<version>\d+\.\d+\.\d+)/)] },
  { product: 'git', purl: 'generic', cpes: ['a:git-scm:git'], file: 'git', versions: [near('\0' + '2.', /\0(?<version>2\.\d{1,2}\.\d+)\0/)] },
  { product: 'helm', purl: 'golang/helm.sh', cpes: ['a:helm:helm'], file: 'helm', versions: [anywhere(/\0v(?<version>[2-4]\.\d+\.\d+(?:-(?:alpha|beta|rc)\.\d)?)\0/), ...['v2.', 'v3.', 'v4.'].map((start) => near(start, /[^\w.-]v(?<version>[2-4]\.\d+\.\d+(?:-(?:alpha|beta|rc)\.\d)?)\0/))] },
  { product: 'composer', purl: 'generic', cpes: ['a:getcomposer:composer'], file: /^composer(?:\.phar)?$/, versions: [near("'pretty_version'", /'pretty_version'\s{0,4}=>\s{0,4}'(?<version>\d+\.\d+\.\d+(?:(?:alpha|beta|RC)\d+)?)'/)] },
  { product: 'wp-cli', purl: 'generic', cpes: ['a:wp-cli:wp-cli'], file: 'wp', versions: [near('wp-cli/wp-cli ', /wp-cli\/wp-cli (?<version>\d+\.\d+\.\d+)/)] },
  { product: 'util-linux', purl: 'generic', cpes: ['a:kernel:util-linux'], file: 'getopt', versions: [near('util-linux ', /util-linux (?<version>\d+\.\d+(?:\.\d+)?)\0/)] },
  { product: 'gcc', purl: 'generic', cpes: ['a:gnu:gcc'], file: 'gcc', versions: [near('GCC: (GNU) ', /GCC: \(GNU\) (?<version>\d+\.\d+\.\d+)/)] },
  { product: 'zstd', purl: 'generic', cpes: ['a:facebook:zstandard'], file: 'zstd', versions: [near('\0v', /\0v(?<version>\d+\.\d+\.\d+)\0/)] },
  { product: 'xz', purl: 'generic', cpes: ['a:tukaani:xz'], file: 'xz', versions: [near('xz (XZ Utils) ', /xz \(XZ Utils\) (?<version>\d+\.\d+\.\d+)\0/)] },
  { product: 'gzip', purl: 'generic', cpes: ['a:gnu:gzip'], file: 'gzip', requires: 'not in gzip format', versions: [near('\0' + '1.', /\0(?<version>1\.\d{1,2})\0/)] },
  { product: 'jq', purl: 'generic', cpes: ['a:jqlang:jq'], file: 'jq', versions: [anywhere(/\0(?:jq-)?(?<version>1\.\d(?:\.\d+)?)\0/)] },
  { product: 'chrome', purl: 'generic', cpes: ['a:google:chrome'], file: /^(?:chrome|chromium|chrome-headless-shell|headless_shell)$/, versions: [near('\0Default', /\0(?<version>\d+\.\d+\.\d+\.\d+)\0Default/), near('\0chrome\0', /\0(?<version>\d{2,3}\.0\.\d{4}\.\d+)\0chrome\0/)] },
  { product: 'firefox', purl: 'generic', cpes: ['a:mozilla:firefox'], file: 'application.ini', versions: [near('Name=Firefox', /Name=Firefox\r?\n[^]{0,400}?\nVersion=(?<version>\d+(?:\.\d+)+(?:[a-z]\w{0,20})?)\r?\n/, { before: 0, after: 500 })] },
  { product: 'ffmpeg', purl: 'generic', cpes: ['a:ffmpeg:ffmpeg'], file: 'ffmpeg', versions: [near('%s version ', /%s version (?<version>\d+\.\d+(?:\.\d+)?)/)] },
  { product: 'ffmpeg', purl: 'generic', cpes: ['a:ffmpeg:ffmpeg'], file: /^lib(?:av(?:codec|format|util|filter|device)|swresample)(?:-[0-9a-f]+)?\.so/, versions: [near('FFmpeg version ', /FFmpeg version n?(?<version>\d+\.\d+(?:\.\d+)?)/)] },
  { product: 'qtbase', purl: 'generic', cpes: ['a:qt:qt', 'a:qt:qtbase'], file: /^libQt\d?Core\.so/, versions: [near('Qt ', /\0\0Qt (?<version>\d+\.\d+\.\d+) \(/), near('QtCore library version ', /QtCore library version (?<version>\d+\.\d+\.\d+)/)] },
  { product: 'krb5', purl: 'generic', cpes: ['a:mit:kerberos_5'], file: /^libkrb5\.so/, versions: [near('KRB5_BRAND: ', /KRB5_BRAND: +krb5-\S{1,40} (?<version>\d+(?:\.\d+){1,2})\s/)] },
  { product: 'heimdal-krb5', purl: 'generic', cpes: ['a:heimdal_project:heimdal'], file: /^libkrb5\.so/, versions: [near('$Version: ', /\$Version:\s{1,4}Heimdal\s{1,4}(?<version>\d+(?:\.\d+){1,2})\s/)] },
];
