import '../shared/l10n';
import './inspector.css';
import { signal } from '@preact/signals';
import { render } from 'preact';
import { isToInspector } from '../../src/protocol/validateToWebview';
import type { UnitRef } from '../../src/protocol/study';
import type { FromInspector, InspectorState, ToInspector } from '../../src/protocol/webview';
import { connectHost } from '../shared/host';
import { watchPixelRatio, watchTheme } from '../shared/theme';
import type { UnitPageView } from '../shared/unit/unitActions';
import { Inspector } from './inspector';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');

const state = signal<InspectorState | null>(null);
const hovered = signal<UnitRef | null>(null);
const host = connectHost<ToInspector, FromInspector, object>(isToInspector, {}, (message) => {
  if (message.type === 'state') state.value = message.state;
  else hovered.value = message.unit;
});
const view: UnitPageView = {
  select: (unit) => host.post({ type: 'select', unit }),
  hover(unit) {
    if (hovered.peek() === unit) return;
    hovered.value = unit;
    host.post({ type: 'hover', unit });
  },
  setDeleted: (unit, deleted) => host.post({ type: 'delete', unit, deleted }),
  hovered,
  theme: watchTheme(),
  ratio: watchPixelRatio(),
};
render(<Inspector state={state} view={view} />, root);
host.post({ type: 'ready' });
