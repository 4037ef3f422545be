/** A link that makes this browser somebody with a role: `#samepage=` and a token of `samepage token`. */
import { remember } from '../visitor.js';

/** A visitor's own token is none: it would put others into the skin of whoever spreads the link. */
const TOKEN = /^sp1\.[a-z2-7]{26}\.\d+\.\d+\.\.(?:owner|admin|moderator)\.[^.]*\.([\w-]+)\.[\da-f]+$/;

/** Takes the token out of the address bar, and remembers it in the place of the one there is. */
export function take() {
  const token = location.hash.slice('#samepage='.length);
  history.replaceState(history.state, '', location.pathname + location.search);
  const name = token.match(TOKEN)?.[1];
  if (!name) return;
  remember('token', token);
  // It is somebody else's.
  remember('stream', null, 'sessionStorage');
  const bytes = Uint8Array.from(atob(name.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0));
  remember('nick', new TextDecoder().decode(bytes));
}
