import { config } from '@vscode/l10n';

/**
 * Gives `t` the texts of the user's language, which the page carries as data (none where it is English). To be
 * imported before all else, so that no text is asked for before.
 */
const contents = document.getElementById('l10n')?.textContent ?? '';
if (contents !== '') config({ contents });
