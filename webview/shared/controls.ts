import './styleNonce';
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeProgressRing,
} from '@vscode/webview-ui-toolkit';
import { h, type ComponentChild, type ComponentChildren } from 'preact';

// The only file that knows the control library; the rest of the views use the functions below.
provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeProgressRing());

/** A text button, with a codicon before its text where `icon` names one. */
export function Button(props: {
  readonly onClick: () => void;
  readonly children: ComponentChildren;
  readonly icon?: string;
  readonly primary?: boolean;
  readonly disabled?: boolean;
  readonly title?: string;
  readonly class?: string;
}): ComponentChild {
  return h(
    'vscode-button',
    {
      appearance: props.primary === true ? 'primary' : 'secondary',
      disabled: props.disabled === true,
      onClick: props.onClick,
      ...(props.title === undefined ? {} : { title: props.title }),
      ...(props.class === undefined ? {} : { class: props.class }),
    },
    props.icon === undefined ? null : h('span', { slot: 'start', class: `codicon codicon-${props.icon}` }),
    props.children,
  );
}

/** A square button that shows only a codicon; `label` is its name and tooltip. */
export function IconButton(props: {
  readonly onClick: () => void;
  readonly icon: string;
  readonly label: string;
  readonly disabled?: boolean;
}): ComponentChild {
  return h(
    'vscode-button',
    {
      appearance: 'icon',
      disabled: props.disabled === true,
      onClick: props.onClick,
      'aria-label': props.label,
      title: props.label,
    },
    h('span', { class: `codicon codicon-${props.icon}` }),
  );
}

/** A check box that shows what it is told to show, also when a click is not followed by a change. */
export function Checkbox(props: {
  readonly checked: boolean;
  readonly onToggle: (checked: boolean) => void;
  readonly children: ComponentChildren;
}): ComponentChild {
  return h(
    'vscode-checkbox',
    {
      checked: props.checked,
      onChange: (event: Event) => {
        const control = event.currentTarget as HTMLInputElement;
        if (control.checked !== props.checked) props.onToggle(control.checked);
      },
    },
    props.children,
  );
}

/** A ring that turns while something of unknown length goes on. */
export function Busy(props: { readonly label: string }): ComponentChild {
  return h('vscode-progress-ring', { 'aria-label': props.label });
}
