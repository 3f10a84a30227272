// `npm run l10n`: writes l10n/bundle.l10n.json, every text that the extension and its webviews show, in English, and
// says what each translation lacks or has too much. `npm run l10n -- --check` writes nothing and fails where the
// bundle is not current.
// (@vscode/l10n-dev does not see `import { t }`, leaves out texts joined with +, and reads \u escapes wrongly.)
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';

const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
/** Where texts for people are; the command line and the engine speak English. */
const SOURCES = ['src/extension.ts', 'src/host', 'webview'];
const BUNDLE = 'l10n/bundle.l10n.json';

/**
 * The messages of one source file: first arguments of `t`, imported from @vscode/l10n, and of `….l10n.t`.
 * Both branches of a conditional are messages; anything else that is not a constant is an error.
 * @param {string} file its name, for errors and to tell TSX
 * @param {string} text
 * @returns {Map<string, string | { message: string, comment: string[] }>} what a bundle has of them, by key
 */
export function messagesOf(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = new Map();
  const named = importedNames(source);
  const visit = (node) => {
    if (ts.isCallExpression(node) && isTranslation(node.expression, named)) {
      for (const message of constants(node.arguments[0])) {
        if (message === null) {
          const { line } = source.getLineAndCharacterOfPosition(node.getStart());
          throw new Error(`${file}:${line + 1}: the text given to t is not a constant.`);
        }
        found.set(message.key, message.value);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** What `t` of @vscode/l10n is called in this file. */
function importedNames(source) {
  const names = new Set();
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || statement.moduleSpecifier.text !== '@vscode/l10n') continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    for (const { name, propertyName } of bindings.elements) {
      if ((propertyName ?? name).text === 't') names.add(name.text);
    }
  }
  return names;
}

function isTranslation(callee, named) {
  if (ts.isIdentifier(callee)) return named.has(callee.text);
  return (
    ts.isPropertyAccessExpression(callee) &&
    callee.name.text === 't' &&
    /(^|\.)l10n$/.test(callee.expression.getText())
  );
}

/** The messages that an argument can be; null in place of what is not known here. */
function constants(node) {
  if (node === undefined) return [null];
  if (ts.isParenthesizedExpression(node)) return constants(node.expression);
  if (ts.isConditionalExpression(node)) return [...constants(node.whenTrue), ...constants(node.whenFalse)];
  if (ts.isObjectLiteralExpression(node)) return [commented(node)];
  const message = constantText(node);
  return [message === null ? null : { key: message, value: message }];
}

/** `{ message, comment }`: its key has the comment too, so that one English text can have two translations. */
function commented(node) {
  const property = (name) =>
    node.properties.find((each) => ts.isPropertyAssignment(each) && each.name.getText() === name)
      ?.initializer;
  const message = property('message');
  const comment = property('comment');
  const lines =
    comment === undefined ? [] : ts.isArrayLiteralExpression(comment) ? comment.elements : [comment];
  const texts = [...(message === undefined ? [] : [message]), ...lines].map(constantText);
  if (message === undefined || texts.includes(null)) return null;
  const [text, ...notes] = texts;
  return { key: `${text}/${notes.join('')}`, value: { message: text, comment: notes } };
}

function constantText(node) {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return null;
  const [left, right] = [constantText(node.left), constantText(node.right)];
  return left === null || right === null ? null : left + right;
}

/** All messages of the repository, as the text of the English bundle. */
export function englishBundle() {
  const all = new Map();
  for (const file of SOURCES.flatMap(sourceFiles)) {
    const messages = messagesOf(file, fs.readFileSync(path.join(repository, file), 'utf8'));
    for (const [key, value] of messages) all.set(key, value);
  }
  const sorted = [...all].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
}

function sourceFiles(from) {
  const place = path.join(repository, from);
  if (!fs.statSync(place).isDirectory()) return [from];
  return fs
    .readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!\.d)\.tsx?$/.test(name))
    .map((name) => path.join(from, name));
}

/** What a translation lacks of the English keys, and what it has beside them. */
export function differences(english, translated) {
  return {
    missing: Object.keys(english).filter((key) => !(key in translated)),
    extra: Object.keys(translated).filter((key) => !(key in english)),
  };
}

function main() {
  const bundle = englishBundle();
  const place = path.join(repository, BUNDLE);
  if (process.argv.includes('--check')) {
    if (fs.existsSync(place) && fs.readFileSync(place, 'utf8') === bundle) return;
    throw new Error(`${BUNDLE} is not current: run npm run l10n`);
  }
  fs.mkdirSync(path.dirname(place), { recursive: true });
  fs.writeFileSync(place, bundle);
  const english = JSON.parse(bundle);
  console.log(`${BUNDLE}: ${Object.keys(english).length} texts`);
  for (const name of fs
    .readdirSync(path.dirname(place))
    .filter((each) => /^bundle\.l10n\..+\.json$/.test(each))) {
    const translated = JSON.parse(fs.readFileSync(path.join(repository, 'l10n', name), 'utf8'));
    const { missing, extra } = differences(english, translated);
    console.log(`l10n/${name}: ${missing.length} missing, ${extra.length} too many`);
    for (const key of missing) console.log(`  lacks ${JSON.stringify(key)}`);
    for (const key of extra) console.log(`  has no use for ${JSON.stringify(key)}`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    main();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
