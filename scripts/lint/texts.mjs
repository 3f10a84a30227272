// The lint rule that finds texts for people which do not go through `t`: they would stay English everywhere.

/** Attributes and properties that people read or hear, where it is their value. */
const READ =
  /^(aria-label|aria-description|aria-roledescription|aria-valuetext|alt|label|note|placeholder|summary|text|title)$/;
/** Of components only: elsewhere it is a form field's name. */
const READ_OF_COMPONENTS = /^(name|description)$/;
/** A word in small letters: `SVG` is the same everywhere. */
const WORD = /\p{Ll}{2,}/u;
/** Three words in a row are a sentence, or a part of one, wherever they stand. */
const SENTENCE = /\p{L}{2,}[,;:]? \p{L}+[,;:]? \p{L}{2,}/u;

/** Calls whose texts are no one's to read, or are read in English: errors of programming, and the log. */
const QUIET =
  /(^|\.)(log|log\.(trace|debug|info|warn|error)|querySelector(All)?|closest|matches|matchMedia)$/;

/** VS Code's way to put a codicon into a text. */
function withoutIcons(text) {
  return text.replace(/\$\([a-z-~]+\)/g, '');
}

/** Every constant text that an expression can give. */
function* textsOf(node) {
  switch (node?.type) {
    case 'Literal':
      if (typeof node.value === 'string') yield { node, text: node.value };
      break;
    case 'TemplateLiteral':
      for (const quasi of node.quasis) yield { node: quasi, text: quasi.value.cooked };
      break;
    case 'ConditionalExpression':
      yield* textsOf(node.consequent);
      yield* textsOf(node.alternate);
      break;
    case 'LogicalExpression':
      yield* textsOf(node.left);
      yield* textsOf(node.right);
      break;
    case 'BinaryExpression':
      if (node.operator === '+') {
        yield* textsOf(node.left);
        yield* textsOf(node.right);
      }
      break;
    case 'JSXExpressionContainer':
      yield* textsOf(node.expression);
      break;
  }
}

/** @type {import('eslint').Rule.RuleModule} */
export const texts = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { literal: '“{{text}}” is read by people: give it to t, so that it can be in their language.' },
  },
  create(context) {
    const { sourceCode } = context;
    const told = new Set();
    const report = (node, text) => {
      if (told.has(node)) return;
      told.add(node);
      context.report({ node, messageId: 'literal', data: { text: text.trim().slice(0, 60) } });
    };
    const check = (value) => {
      for (const { node, text } of textsOf(value)) if (WORD.test(withoutIcons(text))) report(node, text);
    };
    const isQuiet = (node) =>
      sourceCode.getAncestors(node).some((each) => {
        if (each.type === 'NewExpression') return each.callee.name === 'Error';
        if (each.type === 'CallExpression') {
          const callee = sourceCode.getText(each.callee);
          return /(^|\.)t$/.test(callee) || QUIET.test(callee);
        }
        return each.type === 'JSXAttribute' && /^(class|className|d|style)$/.test(each.name.name);
      });
    const checkSentence = (node, text) => {
      if (node.parent.type === 'Property' && node.parent.key === node) return;
      if (SENTENCE.test(text) && !isQuiet(node)) report(node, text);
    };
    return {
      JSXText: (node) => {
        if (WORD.test(node.value)) report(node, node.value);
      },
      JSXExpressionContainer: (node) => {
        if (node.parent.type !== 'JSXAttribute') check(node);
      },
      JSXAttribute: ({ name, value, parent }) => {
        const key = sourceCode.getText(name);
        const isComponent = /^[A-Z]/.test(sourceCode.getText(parent.name));
        if (READ.test(key) || (isComponent && READ_OF_COMPONENTS.test(key))) check(value);
      },
      Property: ({ key, value, computed }) => {
        const name = key.type === 'Identifier' ? key.name : key.value;
        if (!computed && typeof name === 'string' && READ.test(name)) check(value);
      },
      Literal: (node) => {
        if (typeof node.value === 'string') checkSentence(node, node.value);
      },
      TemplateElement: (node) => checkSentence(node, node.value.cooked),
    };
  },
};
