/** The keyboard of a phone, which covers a part of the page without changing its size. */

/** Tells a node what is left to see, until `signal` says that it is enough. */
export function follow({ style }, signal) {
  const view = window.visualViewport;
  const tell = () => {
    style.setProperty('--view-height', `${view.height}px`);
    style.setProperty('--view-top', `${view.offsetTop}px`);
  };
  if (signal.aborted) return;
  for (const name of ['resize', 'scroll']) view.addEventListener(name, tell, { signal });
  tell();
}
