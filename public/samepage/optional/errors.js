/** Words for what went wrong. */
const badNick = 'This name cannot be used here. Choose another one.';
const membersOnly = 'This room is for members only.';
const unreachable = 'The room’s server cannot be reached.';

/** Until when and why, where the room says so: “… until 2026-11-23T10:00:00Z: spam”. */
function banned(text) {
  const until = new Date(text.match(/ until (\d{4}-\d\d-\d\dT[\d:.]+Z)/)?.[1] ?? NaN);
  const reason = text.match(/^You.{0,12} banned from \w+ rooms?(?: until \S+Z)?: ([^]+)/)?.[1];
  return `${text.startsWith('Your network') ? 'Your network is' : 'You are'} banned from this room`
    + (isNaN(until) ? '.' : ` until ${until.toLocaleString(undefined, { dateStyle: 'long', timeStyle: 'short' })}.`)
    + (reason ? ` “${reason}”` : '');
}

const tables = {
  /** Why the stream was closed, and stays so. */
  closed: {
    __proto__: null,
    conflict: 'This chat was opened somewhere else.',
    'host-unknown': 'The chat server does not serve this domain. Tell the owner of this site.',
    'invalid-mechanism': 'The chat server lets nobody in without an account.',
    other: 'The chat server did not let you in.',
  },

  /** Why the room cannot be entered, or the name not be changed. */
  refused: {
    __proto__: null,
    conflict: 'Somebody here has this name already. Choose another one.',
    forbidden: banned,
    'jid-malformed': badNick,
    'not-acceptable': badNick,
    'not-allowed': 'There is no chat room for this page.',
    'not-authorized': 'This room needs a password.',
    'registration-required': membersOnly,
    'service-unavailable': 'This room is full right now. Try again in a moment.',
    'policy-violation': 'Too often. Try again in a moment.',
    'resource-constraint': 'You are in too many rooms. Close some, then try again.',
    'remote-server-timeout': unreachable,
    other: 'The room does not answer right now. Try again in a moment.',
  },

  /** Why one is not in the room any more, by status code. */
  removed: {
    __proto__: null,
    301: 'A moderator banned you from this room.',
    307: 'A moderator removed you from this room.',
    321: membersOnly,
    322: membersOnly,
    destroyed: 'This room was closed.',
    332: 'The chat is being restarted. It comes back in a moment.',
    other: 'You lost your place in the room. Coming back…',
  },

  /** Why a message was not sent. */
  unsent: {
    __proto__: null,
    'policy-violation': 'Not sent. You are writing too fast. Wait a few seconds.',
    forbidden: 'Not sent. You may not write in this room.',
    'not-acceptable': 'Not sent. You are not in this room.',
    'resource-constraint': 'Not sent. The server cannot take messages right now.',
    'remote-server-timeout': `Not sent. ${unreachable}`,
    'slow-mode': 'Slow mode. It is sent as soon as you may write again.',
    filtered: 'Not sent. It holds words or links that are not welcome here.',
    flooded: 'Not sent. There is too much going on: for now only those write who have been heard before.',
    held: 'A moderator looks at this before everybody sees it.',
    other: 'Not sent.',
  },

  /** Why something else that was asked for was not done. */
  acts: {
    __proto__: null,
    forbidden: 'You may not do this here.',
    'not-allowed': 'This cannot be done here, or not to this one.',
    conflict: 'This cannot be done here, or not to this one.',
    'item-not-found': 'That is not there any more.',
    'policy-violation': 'Too often. Try again in a moment.',
    'connection-lost': 'The connection was lost meanwhile. Try again.',
    other: 'That did not work.',
  },
};

/** The words of a table for a condition; where there are none, what the server has to say. */
export function explain(table, { condition, text }) {
  const { [condition]: known, other } = tables[table];
  if (known instanceof Function) return known(text ?? '');
  return known ?? `${other} ${text ?? ''}`.trim();
}
