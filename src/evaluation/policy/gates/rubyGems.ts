import { feedGate } from './feedGate.js';

export const rubyGems = feedGate({
  name: 'ruby_gems',
  description: 'Ruby gems.',
  packageType: 'gem',
  noun: 'Gem',
  registry: 'rubygems.org',
  triggers: {
    newer: 'newer_version_found_in_feed',
    unknown: 'not_found_in_feed',
    versionUnknown: 'version_not_found_in_feed',
    denied: 'blacklist',
    deniedAliases: ['denylist'],
  },
});
