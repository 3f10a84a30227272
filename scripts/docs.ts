// `npm run docs`: writes docs/command-line.md from the program itself.
import fs from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { commandLinePage } from './commandLinePage';

const file = path.join(__dirname, '../docs/command-line.md');

void (async () => {
  const options = await resolveConfig(file);
  await fs.writeFile(file, await format(commandLinePage(), { ...options, parser: 'markdown' }));
})();
