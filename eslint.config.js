import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** The arrows of CONTRIBUTING.md: a room may import from those left of it, never from those right of it. */
const ROOMS = ['text', 'http', 'image', 'dockerfile', 'analyzers', 'lanes', 'cache', 'report', 'evaluation', 'backend', 'output', 'serve'];

const arrows = ROOMS.map((room, index) => ({
  files: [`src/${room}/**/*.ts`],
  rules: {
    'no-restricted-imports': ['error', {
      patterns: [
        ...ROOMS.slice(index + 1).map((later) => ({
          group: [`**/${later}/**`, `!**/${room}/**`],
          message: `src/${room} must not know src/${later}: arrows point one way`,
        })),
      ],
    }],
  },
}));

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.work/', 'coverage/', 'test/fixtures/'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      'max-depth': ['error', 4],
      'no-console': 'error',
      'no-control-regex': 'off',
    },
  },
  {
    // what is reached through zod's object `z` cannot be left out of the bundle, however little of it is used
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', { selector: "ImportDeclaration[source.value='zod'][importKind!='type'] > ImportSpecifier[imported.name='z']", message: "import * as z from 'zod'" }],
    },
  },
  { files: ['scripts/**', '*.js', 'test/**'], languageOptions: { globals: { process: 'readonly', console: 'readonly', Buffer: 'readonly', URL: 'readonly', setTimeout: 'readonly' } }, rules: { 'no-console': 'off' } },
  ...arrows,
);
