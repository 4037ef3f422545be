/** Words for what went wrong. */
const badNick = 'This name cannot be used here. Choose another one.';
const membersOnly = 'This room is for members only.';
const unreachable = 'The room’s server cannot be reached.';

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
    forbidden: 'You are banned from this room.',
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
    other: 'Not sent.',
  },
};

/** The words of a table for a condition; where there are none, what the server has to say. */
export function explain(table, { condition, text }) {
  const { [condition]: known, other } = tables[table];
  return known ?? `${other} ${text ?? ''}`.trim();
}
