import './styleNonce';
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { h, type ComponentChild, type ComponentChildren } from 'preact';

// The only file that knows the control library; the rest of the views use the functions below.
provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeCheckbox(),
  vsCodeDropdown(),
  vsCodeOption(),
  vsCodeProgressRing(),
  vsCodeTextField(),
);

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
  /** For a button that stays pressed. */
  readonly pressed?: boolean;
}): ComponentChild {
  return h(
    'vscode-button',
    {
      appearance: 'icon',
      disabled: props.disabled === true,
      onClick: props.onClick,
      'aria-label': props.label,
      title: props.label,
      ...(props.pressed === undefined
        ? {}
        : { 'aria-pressed': String(props.pressed), class: props.pressed ? 'pressed' : '' }),
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

/**
 * Names a control whose class puts a name of its own, in English, over the one it was made with.
 * @returns what is to be its `ref`
 */
function named(label: string): (element: HTMLElement | null) => void {
  return (element) => element?.setAttribute('aria-label', label);
}

/** A ring that turns while something of unknown length goes on. */
export function Busy(props: { readonly label: string }): ComponentChild {
  return h('vscode-progress-ring', { ref: named(props.label) });
}

/** A list of which one entry is chosen. */
export function Dropdown<Id extends string>(props: {
  /** What is chosen, for people: shown before it. */
  readonly label: string;
  readonly value: Id;
  readonly options: readonly { readonly id: Id; readonly label: string }[];
  readonly onChange: (id: Id) => void;
}): ComponentChild {
  return h(
    'label',
    { class: 'labelled' },
    h('span', { class: 'labelled-text' }, props.label),
    h(
      'vscode-dropdown',
      {
        // The control is made anew with other entries: it would keep the place of the old ones.
        key: props.options.map(({ id }) => id).join(' '),
        'aria-label': props.label,
        'current-value': props.value,
        value: props.value,
        onChange: (event: Event) => {
          const { value } = event.currentTarget as HTMLInputElement;
          if (value !== props.value) props.onChange(value as Id);
        },
      },
      props.options.map(({ id, label }) =>
        h('vscode-option', { key: id, value: id, selected: id === props.value }, label),
      ),
    ),
  );
}

/** A line of text to be typed. */
export function TextField(props: {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  /** Told at every key. */
  readonly onInput: (text: string) => void;
  /** Told at Enter. */
  readonly onEnter?: () => void;
  readonly class?: string;
}): ComponentChild {
  return h('vscode-text-field', {
    ref: named(props.label),
    placeholder: props.placeholder ?? props.label,
    value: props.value,
    ...(props.class === undefined ? {} : { class: props.class }),
    onInput: (event: Event) => props.onInput((event.currentTarget as HTMLInputElement).value),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Enter') props.onEnter?.();
    },
  });
}
