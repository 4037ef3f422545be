/** Every word the widget says: what happened, and what to do about it. */
const unread = (count) => count === 1 ? '1 new message' : `${count} new messages`;
const badNick = 'This name cannot be used here. Choose another one.';
const restart = 'The chat is being restarted. It comes back in a moment.';
const membersOnly = 'This room is for members only.';
const unreachable = 'The room’s server cannot be reached.';

export const words = {
  unread,
  bubble: (count, fresh) => `Chat about this page, ${count} here${fresh ? `, ${unread(fresh)}` : ''}`,
  here: (count) => count === 1 ? 'Only you here' : `${count} people here`,
  showPeople: 'Show who is here',
  close: 'Close chat',
  youAre: 'You are ',
  rename: (nick) => `You are ${nick}. Change your name`,
  nickLabel: 'Your name in this chat',
  save: 'Save',
  cancel: 'Cancel',
  placeholder: 'Write a message',
  send: 'Send',
  messages: 'Messages',
  empty: 'It is quiet here',
  emptyHint: 'Everyone who reads this page meets in this room. Say hello.',
  latest: 'Latest messages',
  unfold: 'Show all',
  fold: 'Show less',
  private: 'to you only',
  renamed: (old, nick) => [old, ' is now ', nick],
  subject: (nick, text) => [nick, ' set the topic: ', text],
  tooLong: (most) => `Too long for one message (${most} KB at most). Send it in parts.`,
  noNick: 'A name needs at least one visible character.',
  retry: 'Try again',
  rejoin: 'Join again',
  now: 'Try now',
  notLoaded: 'This cannot be loaded. Reload the page to try again.',

  connecting: 'Connecting…',
  offline: 'You are offline. The chat continues when your connection is back.',
  waiting: 'Connection lost. The chat comes back by itself.',
  unlinked: `${unreachable} Messages can be sent again when it is back.`,
  kept: 'Not sent yet. Send it when the room’s server is back.',

  /** Why the stream was closed. */
  closed: {
    __proto__: null,
    conflict: 'This chat was opened somewhere else.',
    'host-unknown': 'The chat server does not serve this domain. Tell the owner of this site.',
    'invalid-mechanism': 'The chat server lets nobody in without an account.',
    'policy-violation': 'Too much at once. The chat comes back in a moment.',
    'system-shutdown': restart,
    other: 'The chat server did not let you in.',
  },

  /** Why the room cannot be entered, or the name not be changed. */
  refused: {
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
    332: restart,
    other: 'You lost your place in the room. Coming back…',
  },

  /** Why a message was not sent. */
  unsent: {
    'policy-violation': 'Not sent. You are writing too fast. Wait a few seconds.',
    forbidden: 'Not sent. You may not write in this room.',
    'not-acceptable': 'Not sent. You are not in this room.',
    'resource-constraint': 'Not sent. The server cannot take messages right now.',
    'remote-server-timeout': `Not sent. ${unreachable}`,
    other: 'Not sent.',
  },
};

/** The words of a table for a condition; where there are none, what the server has to say. */
export const explain = (table, { condition, text }) =>
  Object.hasOwn(table, condition) ? table[condition] : `${table.other} ${text ?? ''}`.trim();
