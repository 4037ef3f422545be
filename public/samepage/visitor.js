/** Who the visitor is: names and what goes with them, and what the browser remembers. */
const MAX_NICK = 64; // bytes
const MAX_SENT = 100;
const MAX_VISITS = 20; // rooms

const MOODS = 'Amber Brave Bright Calm Clever Cosy Curious Eager Gentle Happy Jolly Kind Lively Lucky Merry Nimble '
  + 'Quiet Sunny Swift Wise';
const ANIMALS = 'Badger Beaver Crane Falcon Finch Fox Gecko Hare Heron Koala Lark Lynx Newt Otter Owl Panda Puffin '
  + 'Raven Robin Seal';

const pick = (list) => list.split(' ')[Math.floor(Math.random() * 20)];

export const suggest = () => `${pick(MOODS)} ${pick(ANIMALS)}`;

export const bytes = (text) => new TextEncoder().encode(text).length;

/** The nick as a server will take it: nothing invisible, single spaces, at most 64 bytes. May be ''. */
export function tidy(text) {
  let nick = text.normalize('NFC').replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '').replace(/\s+/gu, ' ').trim();
  while (bytes(nick) > MAX_NICK) nick = [...nick].slice(0, -1).join('').trim();
  return nick;
}

export const alternative = (nick, attempt) => attempt < 10 ? tidy(`${nick.slice(0, 56)} ${attempt}`) : suggest();

/** The same angle on the colour wheel wherever a name shows (the idea of XEP-0392). */
export function hue(nick) {
  let hash = 5381;
  for (const char of nick) hash = Math.imul(hash, 33) ^ char.codePointAt(0);
  return (Math.imul(hash, 0x9E3779B1) >>> 0) % 360;
}

export const initials = (nick) =>
  (nick.match(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu)?.slice(0, 2).join('') ?? [...nick][0] ?? '').toUpperCase();

/** What cannot be stored, in a private window or a frame, is remembered for as long as the page lives. */
const memory = new Map();

export function recall(key, kind = 'localStorage') {
  try {
    return memory.get(key) ?? globalThis[kind].getItem(`samepage:${key}`);
  } catch {
    return null;
  }
}

/** null forgets. */
export function remember(key, value, kind = 'localStorage') {
  memory.delete(key);
  try {
    if (value === null) globalThis[kind].removeItem(`samepage:${key}`);
    else globalThis[kind].setItem(`samepage:${key}`, value);
  } catch {
    if (value !== null) memory.set(key, value);
  }
}

/** What this tab knows of the rooms it was in, the last one last. */
export const visits = {
  all() {
    try {
      return JSON.parse(recall('visits', 'sessionStorage')) ?? [];
    } catch {
      return [];
    }
  },
  of: (room) => visits.all().find(([jid]) => jid === room)?.[1] ?? {},
  keep(room, visit) {
    const others = visits.all().filter(([jid]) => jid !== room);
    remember('visits', JSON.stringify([...others, [room, visit]].slice(-MAX_VISITS)), 'sessionStorage');
  },
};

/** The messages of this tab, which stay one's own after a reload. */
export class Sent {
  #marks = (recall('sent', 'sessionStorage') ?? '').split('\n');

  has(id, nick) {
    return this.#marks.includes(`${id} ${nick}`);
  }

  add(id, nick) {
    this.#marks = [...this.#marks, `${id} ${nick}`].slice(-MAX_SENT);
    remember('sent', this.#marks.join('\n'), 'sessionStorage');
  }
}
