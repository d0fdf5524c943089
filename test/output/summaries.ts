import { markNew } from '../../src/output/baseline.js';
import { shown } from '../../src/output/shown.js';
import { allTheSame } from '../../src/verdict.js';
import { summary, type SummaryOptions } from '../../src/output/summary.js';
import { evaluation, hostileFindings, many, SHOP_FINDINGS } from './sample.js';

const options: SummaryOptions = { mask: (text) => text, packages: 214 };

const compared = markNew(evaluation(SHOP_FINDINGS), evaluation([...SHOP_FINDINGS.slice(2), ...many(4)]));

const unchanged = markNew(evaluation(SHOP_FINDINGS), evaluation(SHOP_FINDINGS));

/** Every kind of summary, by name: tests read them, `npm run summary:preview` shows them. */
export const SUMMARIES: Readonly<Record<string, string>> = {
  stop: summary(evaluation(SHOP_FINDINGS), options),
  warn: summary(evaluation(SHOP_FINDINGS.filter(({ action }) => action !== 'stop')), options),
  clean: summary(evaluation([], { notEvaluated: [], problems: [] }), options),
  baseline: summary(compared.evaluation, { ...options, gone: compared.gone }),
  'fail-on-new': summary(unchanged.evaluation, { ...options, gone: unchanged.gone, allTheSame: allTheSame(unchanged.evaluation, 'stop', true) }),
  'other-baseline': summary(markNew(evaluation(SHOP_FINDINGS), evaluation([], { image: { ...evaluation([]).image, name: 'localbuild/payment:1.0' } })).evaluation, options),
  'only-fixed': summary(shown(evaluation(SHOP_FINDINGS), { minimumSeverity: 'medium', onlyFixed: true }), options),
  denied: summary(evaluation(SHOP_FINDINGS, { verdict: 'stop', reason: 'denied_image', status: 'fail' }), options),
  backend: summary(evaluation(SHOP_FINDINGS, { backend: 'https://secure.example.com', resultUrl: 'https://secure.example.com/#/scanning/1', advisories: null, notices: ['The exception CVE-2023-4911 expires in 9 days.'] }), options),
  foreign: summary(evaluation(SHOP_FINDINGS.map(({ location, ...finding }) => (location?.path === undefined ? finding : { ...finding, location: { path: location.path } })), { image: { ...evaluation([]).image, layers: [] } }), options),
  hostile: summary(evaluation(hostileFindings), options),
  large: summary(evaluation(many(10_000)), options),
};
