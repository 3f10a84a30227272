/** The colours a picture takes from where it is shown; `#rrggbb` or `rgb(r, g, b)`. */
export interface PictureTheme {
  readonly kind: 'light' | 'dark' | 'hc-dark' | 'hc-light';
  readonly background: string;
  readonly foreground: string;
  /** For secondary text. */
  readonly muted: string;
  readonly border: string;
  /** For the ring round the selected unit. */
  readonly focus: string;
  readonly fontFamily: string;
}

/** True where the background is dark. */
export function isDark(theme: PictureTheme): boolean {
  return theme.kind === 'dark' || theme.kind === 'hc-dark';
}

/** White paper, for reports and print. */
export const paperTheme: PictureTheme = {
  kind: 'light',
  background: '#ffffff',
  foreground: '#1b1b1f',
  muted: '#5c5f66',
  border: '#c9ccd1',
  focus: '#0b57d0',
  fontFamily: "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif",
};
