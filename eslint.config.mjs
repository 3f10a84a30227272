import tseslint from 'typescript-eslint';
import { layers } from './scripts/lint/layers.mjs';
import { texts } from './scripts/lint/texts.mjs';

/** Two shapes of modules that hide where a name comes from. */
const hiddenNames = [
  { selector: 'ExportAllDeclaration', message: 'No barrel files: import each name from where it is.' },
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
];

/** What is named `_…` is there to be left out. */
const unusedByName = { varsIgnorePattern: '^_', argsIgnorePattern: '^_', ignoreRestSiblings: true };

export default tseslint.config(
  {
    ignores: [
      'node_modules/',
      'dist/',
      '.cache/',
      'test/artefacts/',
      'test/e2e/vscode/',
      // AssemblyScript, which its own compiler checks.
      'src/core/kernels/assembly/',
    ],
  },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines': ['error', 350],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { local: { rules: { layers, texts } } },
    rules: {
      'local/layers': 'error',
      'no-restricted-syntax': ['error', ...hiddenNames],
      // Beside noUncheckedIndexedAccess, numeric code says with `!` that an index is in range.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      '@typescript-eslint/no-unused-vars': ['error', unusedByName],
      // A spread string is its code points, which is what is meant.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // Wrong about an enum given where an overload expects that very enum (vscode.StatusBarAlignment).
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      // Numbers and booleans read in a text as they are meant.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['webview/**', 'src/host/**', 'src/extension.ts'],
    // Know nothing of VS Code; what they say goes to the log, or to a language model, in English.
    ignores: ['src/host/engineProcess.ts', 'src/host/engineConnection.ts', 'src/host/tools/answers/**'],
    rules: { 'local/texts': 'error' },
  },
  {
    // Stands in for a package that is a barrel.
    files: ['src/engine/tfjsUnion.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    extends: [tseslint.configs.recommended],
    rules: {
      '@typescript-eslint/no-require-imports': 'off',
      '@typescript-eslint/no-unused-vars': ['error', unusedByName],
    },
  },
);
