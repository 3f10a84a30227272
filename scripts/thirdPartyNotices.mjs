// The licences of everything of others that ships, as one text.
import fs from 'node:fs';
import path from 'node:path';

const LICENCE_FILE = /^(licen[cs]e|copying)([.-].*)?$/i;
const NOTICE_FILE = /^notices?(\..*)?$/i;

/**
 * The packages that source files belong to.
 * @param {readonly string[]} files paths below the repository
 * @returns {string[]} folders of packages, sorted, each once
 */
export function packagesOf(files) {
  const folders = files.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

/**
 * Names each package with its version and its licence in full. A package that came without the text of its
 * licence gets the standard text, with the authors it names.
 * @param {string} root the repository
 * @param {readonly string[]} packages folders of packages below it
 * @returns {string}
 * @throws {Error} for a package whose licence text is not known
 */
export function thirdPartyNotices(root, packages) {
  const parts = packages.map((folder) => {
    const { name, version, license, author, repository } = JSON.parse(
      fs.readFileSync(path.join(root, folder, 'package.json'), 'utf8'),
    );
    const authors = typeof author === 'string' ? author : (author?.name ?? 'its contributors');
    const home = typeof repository === 'string' ? repository : (repository?.url ?? '');
    // Some keep the licence of what they compiled beside it.
    const files = fs.readdirSync(path.join(root, folder)).concat(inside(path.join(root, folder), 'codec'));
    const texts = [
      ...files.filter((file) => LICENCE_FILE.test(path.basename(file))),
      ...files.filter((file) => NOTICE_FILE.test(path.basename(file))),
    ]
      .map((file) => path.join(root, folder, file))
      .filter((file) => fs.statSync(file).isFile())
      .map((file) => fs.readFileSync(file, 'utf8').trim());
    if (texts.length === 0) texts.push(standardText(root, name, license, authors));
    const kind = typeof license === 'string' ? ` (${license})` : '';
    return `${name} ${version}${kind}\n${home}\n\n${texts.join('\n\n')}\n`;
  });
  const rule = `\n${'-'.repeat(78)}\n\n`;
  return `Neuron Deletion contains parts of the following works.\n${rule}${parts.join(rule)}`;
}

/** The files of a package's folder, where it has such a one. */
function inside(folder, name) {
  const files = path.join(folder, name);
  return fs.existsSync(files) ? fs.readdirSync(files).map((file) => path.join(name, file)) : [];
}

function standardText(root, name, license, authors) {
  const known = { 'Apache-2.0': 'scripts/licences/Apache-2.0.txt', MIT: 'LICENSE' };
  const texts = String(license)
    .split(' AND ')
    .map((kind) => {
      if (!(kind in known)) {
        throw new Error(
          `${name} (${license}) comes without the text of its licence: add it to scripts/licences.`,
        );
      }
      const text = fs.readFileSync(path.join(root, known[kind]), 'utf8').trim();
      return kind === 'MIT' ? text.slice(text.indexOf('Permission is hereby')) : text;
    });
  return [`Copyright ${authors}`, ...texts].join('\n\n');
}
