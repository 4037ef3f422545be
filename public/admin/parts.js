/** What several views show. All that comes from elsewhere becomes text nodes (dom.js). */
import { make } from '/samepage/dom.js';

export const card = (...children) => make('li', { class: 'card' }, ...children);
export const facts = (...parts) => make('p', { class: 'facts' }, ...join(parts.filter(Boolean)));
export const acts = (...buttons) => make('div', { class: 'acts' }, ...buttons);
export const name = (text) => make('bdi', {}, text || '?');
export const none = (title, text) => make('p', { class: 'none' }, make('strong', {}, title), text);

const join = (parts) => parts.flatMap((part, index) => (index ? [' · ', part] : [part]));

export function time(stamp) {
  if (!stamp) return null;
  const date = new Date(stamp);
  const isToday = date.toDateString() === new Date().toDateString();
  const style = isToday ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' };
  return make('time', { datetime: stamp }, new Intl.DateTimeFormat(undefined, style).format(date));
}

/** `host/page`, of the JID of a page's room. */
export function place(jid = '') {
  const text = jid.split('@')[0].replace(/\\([0-9a-f]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return name(text);
}

/** A message as it was said, or that it is gone. */
export function said(message) {
  const text = message.retracted ? 'This message was taken back.' : message.body ?? message.subject ?? 'Not a text.';
  return make('div', { class: 'said' },
    make('p', { class: message.retracted ? 'gone' : null, dir: 'auto' }, text),
    message.nick && facts(name(message.nick), time(message.time)));
}
