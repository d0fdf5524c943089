import { anywhere, near, type Classifier } from './classifier.js';

/** Languages' interpreters, virtual machines and compilers. */

const PYTHON_CPES = ['a:python_software_foundation:python', 'a:python:python'];
const PYTHON = [
  // `[NUL]3.11.2[NUL]`; the short form `3.11` also stands alone and says less.
  near('\0' + '3.', /\0(?<version>3\.\d+\.\d+(?:(?:a|b|rc)\d+)?\+?)\0/),
  near('\0' + '2.', /\0(?<version>2\.\d+\.\d+(?:(?:a|b|rc)\d+)?\+?)\0/),
];
const PHP = [near('X-Powered-By: PHP/', /X-Powered-By: PHP\/(?<version>\d+\.\d+\.\d+(?:(?:alpha|beta|RC)\d+)?)/)];
const PHP_CPES = ['a:php:php'];
const RUBY = [near('ruby ', /ruby (?<version>\d+\.\d+\.\d+(?:(?:p|preview|rc|dev)\d*)?) \(\d{4}-/)];
const OTP = [
  near('/src/otp', /\/src\/otp(?:_src_|-)(?<version>\d+\.\d+(?:\.\d+){0,2}(?:-rc\d)?)\/erts\//),
  near('Erlang/OTP', /\0(?<version>\d+\.\d+(?:\.\d+){0,2}(?:-rc\d)?)\0{1,32}Erlang\/OTP/),
  near('Erlang/OTP', /Erlang\/OTP[^]{1,150}?\0(?<version>\d+\.\d+(?:\.\d+){0,2}(?:-rc\d)?)\0/, { before: 0, after: 220 }),
];
const OTP_CPES = ['a:erlang:erlang\\/otp'];
const RUST_CPES = ['a:rust-lang:rust'];
const JULIA = [
  near('\0branch\0', /(?<version>\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)\d)?)\0branch\0/),
  near('\0verify_methods\0', /\0(?<version>\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)\d)?)\0verify_methods\0/),
  near('\0BigInt', /\0verify_methods\0[^]{0,40}?(?<version>\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)\d)?)\0BigInt/), near('\0julia version', /\0(?<version>\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)\d)?)\0julia version/),
];

export const RUNTIMES: readonly Classifier[] = [
  { product: 'python', purl: 'generic', cpes: PYTHON_CPES, file: /^python\d(?:\.\d+)*$/, versions: PYTHON },
  { product: 'python', purl: 'generic', cpes: PYTHON_CPES, file: /^libpython\d+(?:\.\d+)+[a-z]*\.so/, versions: PYTHON },
  { product: 'pypy', purl: 'generic', cpes: [], file: /^libpypy.*\.so/, versions: [near('[PyPy ', /\[PyPy (?<version>\d+\.\d+\.\d+)/)] },
  { product: 'go', purl: 'generic', cpes: ['a:golang:go'], file: /^go(?:\.exe)?$/, versions: [near('go1.', /go(?<version>1\.\d+(?:\.\d+|(?:alpha|beta|rc)\d+)?)\0/)] },
  { product: 'go', purl: 'generic', cpes: ['a:golang:go'], file: 'VERSION', path: /(?:^|\/)go\/VERSION$/, versions: [near('go1.', /^go(?<version>1\.\d+(?:\.\d+|(?:alpha|beta|rc)\d+)?)\s/)] },
  { product: 'julia', purl: 'generic', cpes: ['a:julialang:julia'], file: /^libjulia(?:-internal)?\.so/, versions: JULIA },
  {
    product: 'node', purl: 'generic', cpes: ['a:nodejs:node.js'], file: /^(?:node(?:js|\.exe)?|libnode\.so.*)$/,
    versions: [near('node.js/v', /node\.js\/v(?<version>\d+\.\d+\.\d+)/), near('\0v', /\0v(?<version>[0456]\.\d+\.\d+)\0/), near('node v', /\0node v(?<version>0\.\d+\.\d+)\0/)],
  },
  { product: 'perl', purl: 'generic', cpes: ['a:perl:perl'], file: /^(?:perl(?:5[\d.]*)?|libperl\.so[\d.]*)$/, versions: [near('/lib/perl5/', /\/usr\/local\/lib\/perl5\/(?<version>5\.\d+\.\d+)/), near('\0v5.', /\0v(?<version>5\.\d+\.\d+)\0/)] },
  { product: 'ruby', purl: 'generic', cpes: ['a:ruby-lang:ruby'], file: /^ruby[\d.]*$/, versions: RUBY },
  { product: 'ruby', purl: 'generic', cpes: ['a:ruby-lang:ruby'], file: /^libruby(?:-?[\d.]+)?\.so/, versions: RUBY },
  { product: 'php-cli', purl: 'generic', cpes: PHP_CPES, file: /^php[\d.]*$/, versions: PHP },
  { product: 'php-fpm', purl: 'generic', cpes: PHP_CPES, file: /^php-fpm[\d.]*$/, versions: PHP },
  { product: 'php', purl: 'generic', cpes: PHP_CPES, file: /^libphp[\d.]*\.so$/, versions: PHP },
  { product: 'rust', purl: 'generic', cpes: RUST_CPES, file: /^libstd-[0-9a-f]{16}\.so$/, versions: [near('rustc version ', /rustc version (?<version>\d+\.\d+(?:\.\d+)?) \(\w+ \d{4}-\d\d-\d\d\)/), near('/rustc-1.', /\/rustc-(?<version>1\.\d+\.\d+)(?:-src)?\/library\//)] },
  { product: 'rust', purl: 'generic', cpes: RUST_CPES, file: /^libstd-[0-9a-f]{16}\.dylib$/, versions: [near('c 1.', /c (?<version>1\.\d+(?:\.\d+)?) \(\w+ \d{4}-\d\d-\d\d\)/)] },
  { product: 'rust', purl: 'generic', cpes: RUST_CPES, file: /^rustc(?:\.exe)?$/, versions: [near('rustc version ', /rustc version (?<version>\d+\.\d+(?:\.\d+)?) \(\w+ \d{4}-\d\d-\d\d\)/)] },
  { product: 'erlang', purl: 'generic', cpes: OTP_CPES, file: /^(?:erlexec|beam\.smp|liberts_internal\.a)$/, versions: OTP },
  { product: 'elixir', purl: 'generic', cpes: ['a:elixir-lang:elixir'], file: 'elixir', versions: [near('ELIXIR_VERSION=', /ELIXIR_VERSION=(?<version>\d+\.\d+\.\d+(?:-[a-z0-9]+(?:\.\d+)?)?)/)] },
  {
    product: 'dart', purl: 'generic', cpes: ['a:dart:dart_software_development_kit'], file: 'dart',
    versions: ['stable', 'beta', 'dev'].map((channel) => near(` (${channel})`, new RegExp(`\\0(?<version>\\d+\\.\\d+\\.\\d+(?:-\\d+(?:\\.\\d+)?\\.(?:beta|dev))?) \\(${channel}\\)`))),
  },
  {
    product: 'deno', purl: 'generic', cpes: ['a:deno:deno'], file: 'deno',
    versions: [near('deno-desktop/', /deno-desktop\/(?<version>\d+\.\d+\.\d+)/), near('Deno/', /(?<!-)Deno\/(?<version>\d+\.\d+\.\d+)/), near('release/v', /deno-[0-9a-z]{40}release\/v(?<version>\d+\.\d+\.\d+)/), near('deno-', /deno-(?:canary\/)?[0-9a-z]{40}(?<version>\d+\.\d+\.\d+)/), near('DENO', /(?<version>\d+\.\d+\.\d+)[0-9a-z]{40}DENO/)],
  },
  { product: 'bun', purl: 'generic', cpes: ['a:oven-sh:bun'], file: 'bun', versions: [near('un ', /[Bb]un v?(?<version>\d+\.\d+\.\d+)/), near('bun-', /bun-(?<version>\d+\.\d+\.\d+)/)] },
  { product: 'swipl', purl: 'generic', cpes: ['a:swi-prolog:swi-prolog'], file: 'swipl', versions: [near('swipl-', /swipl-(?<version>\d+\.\d+\.\d+)\//)] },
  { product: 'ghc', purl: 'generic/haskell', cpes: ['a:haskell:ghc'], file: /^ghc(?:-[\d.]+)?$/, versions: [near('\0GHC ', /\0GHC (?<version>\d+\.\d+\.\d+)\0/), near('\0libHSghc-', /\0libHSghc-(?<version>\d+\.\d+\.\d+)-/)] },
  { product: 'cabal', purl: 'generic/haskell', cpes: ['a:haskell:cabal'], file: 'cabal', versions: [near('\0Cabal-', /\0Cabal-(?<version>\d+\.\d+\.\d+(?:\.\d+)?)-/), near('cabal-install-', /cabal-install-(?<version>\d+\.\d+\.\d+(?:\.\d+)?)-/)] },
  { product: 'stack', purl: 'generic/haskell', cpes: ['a:haskell:stack'], file: 'stack', versions: [near('Version', /Version\s{0,4}(?<version>\d+\.\d+\.\d+),\s{0,4}Git/)] },
  { product: 'lua', purl: 'generic', cpes: ['a:lua:lua'], file: /^(?:lua5?[\d.]*|liblua5?[\d.]*\.so.*)$/, versions: [near('Lua 5.', /Lua (?<version>5\.\d+\.\d+)/)] },
];

/** Java's launchers say the version of what they start. The first classifier whose pattern is found speaks for the file. */
const JAVA_FILE = /^(?:java|jdb)(?:\.exe)?$/;
const OPENJDK = [
  near('\0openjdk\0java\0', /\0openjdk\0java\0\d[.\d]{0,10}\0(?<version>\d[^\0]{1,80})\0/, { after: 200 }),
  near('openjdk\0java', /\0\d[.\d]{0,10}\0{1,16}(?<version>\d[^\0]{1,80})\0{1,16}openjdk\0java/, { before: 200 }),
  near('java\0' + '1.', /java\0\d[.\d]{0,10}\0(?<version>\d[^\0_]{1,40}_[^\0]{1,40})\0/),
  anywhere(/\0(?<version>\d{1,3}(?:\.\d{1,3}){0,3}\+\d[-.\w]{0,60})\0/),
];
export const JAVA: readonly Classifier[] = [
  { product: 'graalvm', purl: 'generic/oracle', cpes: ['a:oracle:graalvm'], file: JAVA_FILE, versions: [near('-jvmci-', /\0(?<version>\d[.\d]{1,30}\+\d+-jvmci-\d[.\d]{1,20}-b\d+)\0/)] },
  {
    product: 'zulu', purl: 'generic/azul', cpes: ['a:azul:zulu'], file: JAVA_FILE, path: /zulu[^/]*\//,
    versions: [near('java\0', /\0java\0\d[.\d]{0,10}\0(?<version>\d[^\0]{1,80})\0/), near('openjdk\0java', /\0\d[.\d]{0,10}\0{1,16}(?<version>\d[^\0]{1,80})\0{1,16}openjdk\0java/, { before: 200 })],
  },
  { product: 'openjdk', purl: 'generic/oracle', cpes: ['a:oracle:openjdk'], file: JAVA_FILE, requires: 'openjdk', versions: OPENJDK },
  { product: 'java', purl: 'generic/ibm', cpes: ['a:ibm:java'], file: JAVA_FILE, path: /(?:^|\/)ibm\//, versions: [near('\0java\0', /\0java\0{1,4}\d[.\d]{1,10}\0{1,8}(?<version>\d[-._a-zA-Z0-9]{1,80})\0/)] },
  { product: 'jre', purl: 'generic/oracle', cpes: ['a:oracle:jre'], file: JAVA_FILE, versions: [anywhere(/\0(?<version>\d{1,3}\.\d{1,3}\.\d[-._+a-zA-Z0-9]{0,40})\0/)] },
];
