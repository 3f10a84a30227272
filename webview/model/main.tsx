import '../shared/l10n';
import './model.css';
import { signal } from '@preact/signals';
import { render } from 'preact';
import { isToModelPage } from '../../src/protocol/validateToWebview';
import type { FromModelPage, ModelPageState, ToModelPage } from '../../src/protocol/webview';
import { connectHost } from '../shared/host';
import { ModelPage } from './modelPage';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');

const state = signal<ModelPageState | null>(null);
const host = connectHost<ToModelPage, FromModelPage, object>(isToModelPage, {}, (message) => {
  state.value = message.state;
});
render(
  <ModelPage
    state={state}
    onAnalyze={() => host.post({ type: 'analyze' })}
    onReadAgain={() => host.post({ type: 'readAgain' })}
  />,
  root,
);
host.post({ type: 'ready' });
