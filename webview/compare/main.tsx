import '../shared/l10n';
import './compare.css';
import { signal } from '@preact/signals';
import { render } from 'preact';
import { isToCompare } from '../../src/protocol/validateCompare';
import type { CompareState, FromCompare, ToCompare } from '../../src/protocol/compareState';
import { connectHost } from '../shared/host';
import { watchPixelRatio, watchTheme } from '../shared/theme';
import { Comparison } from './comparison';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');

const state = signal<CompareState | null>(null);
const host = connectHost<ToCompare, FromCompare, Record<string, unknown>>(isToCompare, {}, (message) => {
  if (message.type === 'comparison') state.value = message.state;
  else if (state.value?.parts != null) {
    const { measuring, problem } = message;
    state.value = { ...state.value, measuring, problem };
  }
});
render(<Comparison state={state} host={host} theme={watchTheme()} ratio={watchPixelRatio()} />, root);
host.post({ type: 'ready' });
