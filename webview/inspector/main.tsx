import '../shared/l10n';
import './inspector.css';
import { signal } from '@preact/signals';
import { render } from 'preact';
import { isToInspector } from '../../src/protocol/validateToWebview';
import type { FromInspector, InspectorState, ToInspector } from '../../src/protocol/webview';
import { connectHost } from '../shared/host';
import { Inspector } from './inspector';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');

const state = signal<InspectorState | null>(null);
const host = connectHost<ToInspector, FromInspector, object>(isToInspector, {}, (message) => {
  if (message.type === 'state') state.value = message.state;
});
render(
  <Inspector state={state} onDelete={(unit, deleted) => host.post({ type: 'delete', unit, deleted })} />,
  root,
);
host.post({ type: 'ready' });
