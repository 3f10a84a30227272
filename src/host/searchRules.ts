/** Folders with nothing of the user's own in them: what was installed, built, cached, or written by us. */
const IGNORED_FOLDERS = [
  'node_modules',
  'bower_components',
  'site-packages',
  'venv',
  'dist',
  '__pycache__',
  '__MACOSX',
  '.git',
  '.hg',
  '.svn',
  '.vscode',
  '.idea',
  '.github',
  '.venv',
  '.tox',
  '.nox',
  '.eggs',
  '.cache',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.ipynb_checkpoints',
  '.neuron-deletion',
] as const;

/** What searches of the workspace pass over, beside what the user's `files.exclude` names. */
export const IGNORED = `**/{${IGNORED_FOLDERS.join(',')}}/**`;

/** Is this the name of a folder that searches pass over? */
export function isIgnoredName(name: string): boolean {
  return (IGNORED_FOLDERS as readonly string[]).includes(name);
}

/** Does a file lie in a folder that searches pass over? */
export function isIgnored(path: string): boolean {
  return path.split(/[\\/]/).slice(0, -1).some(isIgnoredName);
}

/** JSON files that belong to tools, by name: never a model, never data. */
const TOOL_FILE =
  /^(\..*|package|package-lock|npm-shrinkwrap|[jt]sconfig.*|composer|bower|lerna|nx|turbo|deno|angular|tslint|vercel|renovate|manifest|.*\.neuron-deletion|.*\.schema|.*\.config|.*\.code-workspace|package\.nls.*|.*-lock)\.json$/i;

/** Is this a JSON file of a tool, such as package.json? */
export function isToolFile(name: string): boolean {
  return TOOL_FILE.test(name);
}
