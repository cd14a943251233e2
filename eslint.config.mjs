import vue from 'eslint-plugin-vue'
import { defineConfig, globalIgnores } from 'eslint/config'
import ts from 'typescript-eslint'

/** Host data becomes a string, and a string host data, in one place: shared/codec. */
const codecs = [
  {
    selector: 'NewExpression[callee.name=/^Text(De|En)coder$/]',
    message:
      'Host bytes and strings meet in shared/codec alone. (Not host data? Say so beside the exception.)',
  },
  {
    selector:
      "CallExpression[callee.property.name='toString'][arguments.0.value=/^(utf-?8|utf16le|ucs-?2|latin1|binary|ascii)$/i]",
    message: 'Host bytes become a string by shared/codec alone.',
  },
  {
    selector: "CallExpression[callee.property.name='setEncoding']",
    message: 'A stream of host bytes is decoded by shared/codec alone.',
  },
]

const processes = {
  selector:
    'ImportDeclaration[source.value=/^(node:)?child_process$/] > ImportSpecifier[imported.name=/^exec(Sync)?$/]',
  message: 'A command is an argv, never a shell string: spawn or execFile.',
}

const casts = [
  {
    selector: 'TSAsExpression > TSAsExpression > :matches(TSUnknownKeyword, TSAnyKeyword)',
    message: 'A cast through unknown hides what is not known. Validate it instead.',
  },
]

/** A union of words says the same, is plain JSON, and costs the linter less than its rules for enums do. */
const enums = { selector: 'TSEnumDeclaration', message: 'A union of words, not an enum.' }

const rawIpc = {
  name: 'electron',
  importNames: ['ipcMain', 'ipcRenderer'],
  message: 'Raw IPC stands in main/app/ipc.ts and preload alone; everyone else speaks the contract.',
}

/** What needs types is oxlint's (.oxlintrc.json): the same rules in a tenth of the time. */
export default defineConfig([
  globalIgnores(['out/', 'dist/', 'demo/', 'test-results/', 'playwright-report/', 'scripts/electron-shell/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.vue', '**/*.mjs'],
    extends: [ts.configs.strict],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      // What typescript-eslint counts as strict beyond what finds mistakes here.
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-syntax': ['error', ...casts, ...codecs, processes, enums],
      'no-restricted-imports': ['error', { paths: [rawIpc] }],
      eqeqeq: ['error', 'always'],
      'no-eval': 'error',
      'no-control-regex': 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['shared/codec/**'],
    rules: { 'no-restricted-syntax': ['error', ...casts, processes, enums] },
  },
  {
    // What the machine's own programs print, and files that we wrote ourselves.
    files: ['scripts/**', 'test/**', '**/*.test.ts', 'main/store/**', 'main/app/**', '*.ts', '*.mjs'],
    rules: { 'no-restricted-syntax': ['error', ...casts, processes, enums] },
  },
  {
    // The SSH protocol's own names (RFC 4251: ASCII or UTF-8), the user's own keys and known_hosts, and the frame
    // that our own script draws around what a host says.
    files: ['main/ssh/**', 'main/host/script-answer.ts'],
    rules: { 'no-restricted-syntax': ['error', ...casts, processes, enums] },
  },
  {
    files: ['scripts/**', 'test/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['main/app/ipc.ts', 'preload/**', 'test/e2e/**'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    files: ['**/*.test.ts', 'test/**'],
    rules: {
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  {
    // What is evaluated in the window's page reaches objects that no type of ours describes.
    files: ['test/e2e/**', 'test/bench/**'],
    rules: {
      'no-restricted-syntax': ['error', processes, enums],
    },
  },
  {
    files: ['renderer/**/*.vue'],
    extends: [vue.configs['flat/recommended']],
    languageOptions: {
      parserOptions: {
        parser: ts.parser,
        project: 'tsconfig.renderer.json',
        extraFileExtensions: ['.vue'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // The one rule that asks for types here: oxlint looks into no .vue file, and vue-tsc lets a promise float.
      '@typescript-eslint/no-floating-promises': 'error',
      'vue/no-v-html': 'error',
      'vue/no-v-text-v-html-on-component': 'error',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      // A reactive object is handed down to be changed; the prop itself is not.
      'vue/no-mutating-props': ['error', { shallowOnly: true }],
      'vue/no-unused-refs': 'error',
      'vue/require-explicit-emits': 'error',
      'vue/define-macros-order': 'off',
      // Prettier's.
      'vue/html-indent': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/require-default-prop': 'off',
    },
  },
  {
    files: ['renderer/**'],
    rules: {
      'no-console': ['error', { allow: ['error'] }],
      'no-restricted-syntax': [
        'error',
        ...casts,
        ...codecs,
        enums,
        {
          selector: 'AssignmentExpression[left.property.name=/^(innerHTML|outerHTML)$/]',
          message: 'What a host sends is data: render it as text.',
        },
        {
          selector: "CallExpression[callee.property.name='insertAdjacentHTML']",
          message: 'What a host sends is data: render it as text.',
        },
      ],
    },
  },
])
