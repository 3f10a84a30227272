/**
 * The control library adds a style element while it loads, to try what the browser can do, and takes its nonce from
 * this meta element. To be imported before the library, while the page's script is still the current one.
 */
const nonce = document.currentScript?.nonce;
if (nonce !== undefined && nonce !== '') {
  const meta = document.createElement('meta');
  meta.setAttribute('property', 'csp-nonce');
  meta.content = nonce;
  document.head.append(meta);
}
