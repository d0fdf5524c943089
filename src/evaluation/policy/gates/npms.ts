import { feedGate } from './feedGate.js';

export const npms = feedGate({
  name: 'npms',
  description: 'npm packages.',
  packageType: 'npm',
  noun: 'NPM',
  registry: 'the npm registry',
  triggers: {
    newer: 'newer_version_in_feed',
    unknown: 'unknown_in_feeds',
    versionUnknown: 'version_not_in_feeds',
    denied: 'blacklisted_name_version',
    deniedAliases: ['denylisted_name_version', 'denylist'],
  },
});
