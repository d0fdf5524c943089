/** Ids of Trivy's own secret rules that look for what a pattern here looks for by another name. Source: trivy.dev, "Secret Scanning", built-in rules. */
const NAMES: Readonly<Record<string, string>> = {
  'private-key': 'PRIV_KEY', 'aws-access-key-id': 'AWS_ACCESS_KEY', 'aws-secret-access-key': 'AWS_SECRET_KEY',
  'github-pat': 'GITHUB_TOKEN', 'github-oauth': 'GITHUB_TOKEN', 'github-app-token': 'GITHUB_TOKEN', 'github-refresh-token': 'GITHUB_TOKEN',
  'github-fine-grained-pat': 'GITHUB_FINE_GRAINED_TOKEN', 'gitlab-pat': 'GITLAB_TOKEN', 'slack-access-token': 'SLACK_TOKEN', 'slack-web-hook': 'SLACK_WEBHOOK',
  'stripe-secret-token': 'STRIPE_KEY', 'stripe-publishable-token': 'STRIPE_KEY', 'npm-access-token': 'NPM_TOKEN', 'pypi-upload-token': 'PYPI_TOKEN',
  'gcp-service-account': 'GCP_CREDENTIALS', 'dockerconfig-secret': 'DOCKER_AUTH', 'jwt-token': 'JWT', 'hugging-face-access-token': 'HUGGING_FACE_TOKEN',
  'sendgrid-api-token': 'SENDGRID_KEY', 'twilio-api-key': 'TWILIO_KEY', 'shopify-token': 'SHOPIFY_TOKEN', 'heroku-api-key': 'HEROKU_API_KEY',
};

/** Whether an id is one of a secret rule: those of vulnerabilities and misconfigurations have capitals. */
export function isSecretRule(id: string): boolean {
  return /^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/.test(id);
}

/** The names here of what a rule finds; its own among them. */
export function secretNames(id: string): readonly string[] {
  return Object.hasOwn(NAMES, id) ? [id, NAMES[id] as string] : [id];
}
