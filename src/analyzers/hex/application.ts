import { packageFileAnalyzer } from '../packageFile/analyzer.js';
import { purlOf, type PackageDraft } from '../packageFile/draft.js';
import { FormatError, readText } from '../packageFile/read.js';
import { element, readTerms, textOf, type Term } from './terms.js';

/**
 * An application's resource file, `ebin/NAME.app`: `{application, NAME, [{vsn, "1.2.3"}, {applications, [kernel …]} …]}.`
 * Source: Erlang/OTP, "app(4)". It does not say where the application came from: OTP's own are known by their names,
 * the others are looked for on hex.pm.
 */
const OTP = new Set([
  'asn1', 'common_test', 'compiler', 'crypto', 'debugger', 'dialyzer', 'diameter', 'edoc', 'eldap', 'erl_docgen', 'erl_interface', 'erts', 'et', 'eunit',
  'ftp', 'inets', 'jinterface', 'kernel', 'megaco', 'mnesia', 'observer', 'odbc', 'os_mon', 'parsetools', 'public_key', 'reltool', 'runtime_tools',
  'sasl', 'snmp', 'ssh', 'ssl', 'stdlib', 'syntax_tools', 'tftp', 'tools', 'wx', 'xmerl',
]);
/** Elixir's own, which are not on hex.pm either. */
const ELIXIR = new Set(['elixir', 'eex', 'ex_unit', 'iex', 'logger', 'mix']);

function parseApplication(bytes: Buffer): readonly PackageDraft[] {
  const application = readTerms(readText(bytes)).find((term) => element(term, 0) === 'application');
  const name = textOf(element(application, 1));
  const keys = element(application, 2);
  if (name === '' || keys === undefined || typeof keys === 'string') throw new FormatError('is no Erlang application resource');
  const version = textOf(valueOf(keys, 'vsn'));
  const needed = valueOf(keys, 'applications');
  const purl = OTP.has(name) ? { type: 'otp', name, version } : { type: ELIXIR.has(name) ? 'generic' : 'hex', name, version };
  const description = textOf(valueOf(keys, 'description'));
  return [{
    name,
    version,
    purl: purlOf(purl),
    dependencies: typeof needed === 'string' || needed === undefined ? [] : needed.map(textOf).filter((text) => text !== ''),
    metadata: description === '' ? {} : { description },
  }];
}

function valueOf(keys: readonly Term[], key: string): Term | undefined {
  return element(keys.find((term) => element(term, 0) === key), 1);
}

export const erlangApplication = packageFileAnalyzer({
  name: 'erlang',
  description: 'Erlang and Elixir applications (ebin/*.app).',
  version: 1,
  type: 'hex',
  // They list their modules: stdlib's has 3 kB.
  limit: 1024 * 1024,
  matches: (path) => /(?:^|\/)ebin\/[^/]+\.app$/.test(path),
  parse: parseApplication,
});
