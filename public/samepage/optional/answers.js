/** Answers to a message (XEP-0461), and the quote in their body for those who know nothing of that (XEP-0428). */
import { child, children, element, ns } from '../xml.js';

const REPLY = 'urn:xmpp:reply:0';
const FALLBACK = 'urn:xmpp:fallback:0';
const MAX_QUOTED = 200; // characters

/** What a message answers, by the id that the room gave that, and what it says itself; undefined when it is no answer. */
export function answer(stanza, body) {
  const { id } = child(stanza, 'reply', REPLY) ?? {};
  if (!id) return undefined;
  const fallback = children(stanza, 'fallback', FALLBACK).find((each) => each.getAttribute('for') === REPLY);
  const range = child(fallback, 'body');
  const [start, end] = ['start', 'end'].map((name) => Number(range?.getAttribute(name) || NaN));
  const chars = [...body];
  if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= chars.length)) return { id, body };
  chars.splice(start, end - start);
  return { id, body: chars.join('') || body };
}

/** The payload of an answer. */
export function answering({ nick, body }, id, room, text) {
  const quote = `${nick}:\n${[...body].slice(0, MAX_QUOTED).join('')}`.split('\n').map((line) => `> ${line}\n`).join('');
  return [
    element(ns.client, 'body', {}, quote + text),
    element(REPLY, 'reply', { to: `${room}/${nick}`, id }),
    element(FALLBACK, 'fallback', { for: REPLY }, element(FALLBACK, 'body', { start: '0', end: String([...quote].length) })),
  ];
}
