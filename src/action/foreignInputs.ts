import type { OptionName } from '../options.js';

/** Inputs of other scanners' actions, and the one that stands for each here: who changes `uses:` alone is told. docs/migrating.md says more, and a test holds both together. */
export const FOREIGN_INPUTS: Readonly<Record<string, OptionName>> = {
  // aquasecurity/trivy-action
  'image-ref': 'image', input: 'archive', 'exit-code': 'fail-on', severity: 'minimum-severity', 'ignore-unfixed': 'only-fixed', scanners: 'analyzers', trivyignores: 'exceptions', 'ignore-policy': 'policies',
  // anchore/scan-action
  path: 'archive', 'fail-build': 'fail-on', 'severity-cutoff': 'policies', config: 'exceptions', 'output-file': 'output-directory',
  // docker/scout-action
  to: 'baseline', 'to-latest': 'baseline', ref: 'name', 'only-severities': 'minimum-severity', 'exit-on': 'fail-on-new', 'vex-location': 'vex',
  // sysdiglabs/scan-action
  'image-tag': 'image', 'input-path': 'archive', 'override-pullstring': 'name', 'dockerfile-path': 'dockerfile', 'sysdig-secure-url': 'backend-url', 'sysdig-secure-token': 'backend-token',
  'sysdig-skip-tls': 'backend-ca-cert', 'db-path': 'advisories', 'skip-summary': 'summary', 'stop-on-failed-policy-eval': 'fail-on', 'ignore-failed-scan': 'fail-on', 'use-policies': 'policies', 'severity-at-least': 'minimum-severity',
};
