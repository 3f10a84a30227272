import '../shared/l10n';
import './study.css';
import { effect } from '@preact/signals';
import { render } from 'preact';
import { isToStudy } from '../../src/protocol/validateToWebview';
import type { FromStudy, ToStudy } from '../../src/protocol/webview';
import { connectHost } from '../shared/host';
import { StudyStore } from '../shared/store';
import { watchPixelRatio, watchTheme } from '../shared/theme';
import { Panel } from './panel';
import type { StudyView } from './viewProps';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');

const store = new StudyStore();
const host = connectHost<ToStudy, FromStudy, StudyView>(isToStudy, {}, (message) => store.receive(message));
render(<Panel store={store} host={host} theme={watchTheme()} ratio={watchPixelRatio()} />, root);
host.post({ type: 'ready' });

const pageTop = typeof host.view['pageTop'] === 'number' ? host.view['pageTop'] : 0;
window.addEventListener('scroll', () => host.saveView({ pageTop: window.scrollY }), { passive: true });
// Once the first snapshot is on screen, the page is as long as it was.
const stop = effect(() => {
  if (store.state.value === null) return;
  requestAnimationFrame(() => {
    window.scrollTo(0, pageTop);
    stop();
  });
});
